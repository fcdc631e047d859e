/** What has to be put right at the end, in the reverse order, however the run ends. */
export class Undo {
  private readonly steps: (() => Promise<void>)[] = [];
  private running: Promise<void> | undefined;

  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  /** Does everything even if some of it fails; throws the first failure. May be called twice. */
  all(): Promise<void> {
    return (this.running ??= this.run());
  }

  private async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    this.running = undefined;
    if (failures.length > 0) throw failures[0];
  }
}
