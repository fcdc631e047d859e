export interface LoopOptions {
  /** One pass; answers how many milliseconds to wait before the next. */
  readonly pass: () => Promise<number>;
  /** Told of a pass that threw; answers how long to wait before it is tried again. */
  readonly onError: (error: unknown) => number;
}

/** Runs passes one after another until it is stopped. Waiting can be cut short; a pass never overlaps another. */
export class Loop {
  private running: Promise<void> | undefined;
  private stopping = false;
  private woken = false;
  private cutWait: (() => void) | undefined;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** The next pass begins at once, or right after the one under way. */
  wake(): void {
    this.woken = true;
    this.cutWait?.();
  }

  /** Waits for the pass under way. May be called twice. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.cutWait?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      const waitMs = await this.options.pass().catch(this.options.onError);
      if (!this.stopping && !this.woken) await this.wait(waitMs);
    }
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.cutWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
