import type { EmailId } from '#domain';

/** So many copies of an email in a row may take so long together: 50 ms each, where a usual one takes less than 1. */
const IN_A_ROW = { copies: 20, ms: 1_000 } as const;
/** An email that takes longer rests for so long: it has about a tenth of a sender. */
const REST_MS = 10_000;
/** What was rendered longest ago is forgotten. */
const EMAILS = 1_000;

interface Spent {
  readonly lastMs: readonly number[];
  readonly restsUntilMs: number;
}

/**
 * Keeps one email whose copies are slow to render from taking the time of all others. Time is that of the processor: on a busy
 * machine everybody is slow.
 */
export class RenderBudget {
  private readonly emails = new Map<EmailId, Spent>();

  constructor(
    private readonly monotonicMs = () => performance.now(),
    private readonly cpuMs = ownCpuMs,
  ) {}

  /** How long copies of an email are not to be rendered; 0: the next one may. */
  restMs(email: EmailId): number {
    return Math.max(0, (this.emails.get(email)?.restsUntilMs ?? 0) - this.monotonicMs());
  }

  /** Runs work for an email and notes what it cost, also when it throws. */
  spend<T>(email: EmailId, work: () => T): T {
    const began = this.cpuMs();
    try {
      return work();
    } finally {
      this.note(email, this.cpuMs() - began);
    }
  }

  private note(email: EmailId, tookMs: number): void {
    const lastMs = [...(this.emails.get(email)?.lastMs ?? []), tookMs].slice(-IN_A_ROW.copies);
    const isOver = lastMs.reduce((sum, ms) => sum + ms, 0) > IN_A_ROW.ms;
    this.emails.delete(email);
    if (this.emails.size >= EMAILS) this.forgetOldest();
    const restsUntilMs = isOver ? this.monotonicMs() + REST_MS : 0;
    this.emails.set(email, { lastMs: isOver ? [] : lastMs, restsUntilMs });
  }

  private forgetOldest(): void {
    for (const oldest of this.emails.keys()) return void this.emails.delete(oldest);
  }
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
