/** Asked by whoever sends traffic here: answers whether a part that the process needs is up. Never throws. */
export type ReadyCheck = () => Promise<boolean>;

export interface ReadyAnswer {
  readonly status: 'ready' | 'not_ready' | 'draining';
  readonly checks: Readonly<Record<string, 'up' | 'down'>>;
}

const CACHE_MS = 500;
const PATIENCE_MS = 2_000;

/** Whether a process can do its work now. A probe never waits for long, and many probes ask the servers once. */
export class Readiness {
  private draining = false;
  private last: { readonly answer: Promise<ReadyAnswer>; readonly askedAt: number } | undefined;

  constructor(private readonly checks: Readonly<Record<string, ReadyCheck>>) {}

  /** From now on the answer is no. */
  drain(): void {
    this.draining = true;
  }

  async answer(): Promise<ReadyAnswer> {
    if (!this.last || performance.now() - this.last.askedAt > CACHE_MS) {
      this.last = { answer: this.ask(), askedAt: performance.now() };
    }
    const answer = await this.last.answer;
    return this.draining ? { ...answer, status: 'draining' } : answer;
  }

  private async ask(): Promise<ReadyAnswer> {
    const states = await Promise.all(
      Object.entries(this.checks).map(
        async ([name, check]) => [name, (await withPatience(check())) ? 'up' : 'down'] as const,
      ),
    );
    const isReady = states.every(([, state]) => state === 'up');
    return { status: isReady ? 'ready' : 'not_ready', checks: Object.fromEntries(states) };
  }
}

function withPatience(answer: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    answer.then(resolve, () => resolve(false)).finally(() => clearTimeout(timer));
  });
}
