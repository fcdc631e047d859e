import type { ProcessId } from '#domain';
import { type DutyRow, giveBackDuties, holdDuties, NOBODY, type Queryable, takeDuty } from '#storage';
import { Loop } from './loop.js';
import { Stillness } from './stillness.js';

export interface DutiesOptions {
  readonly db: Queryable;
  readonly names: readonly string[];
  readonly holder: ProcessId;
  /** Told that a duty is ours from now on. */
  readonly onTaken: (name: string) => void;
  readonly onError: (error: unknown) => void;
  readonly monotonicMs?: () => number;
}

/** A holder says that it lives so often; a candidate looks twice as often. */
const HOLD_MS = 1_000;
const WATCH_MS = 500;
/** Silent for so long: its holder is dead or frozen, and whoever sees it takes over. */
const SILENT_MS = 5_000;
/** A holder that could not say so for this long stops by itself, before anybody takes over. */
const VALID_MS = 4_000;
const MAX_GAP_MS = 1_500;

/**
 * Work that one process of many does at a time, each by a row of its own (reliability 2.4): its holder raises a number
 * every second; whoever sees it unchanged for 5 s, timed on its own monotonic clock, takes over by compare-and-set. A
 * holder that was frozen may finish the pass under way beside its successor, so each duty is harmless when done twice.
 */
export class Duties {
  private readonly held = new Map<string, string>();
  private readonly stillness: Stillness;
  private readonly monotonicMs: () => number;
  private readonly loop: Loop;
  private heldSince = -Infinity;

  constructor(private readonly options: DutiesOptions) {
    this.monotonicMs = options.monotonicMs ?? (() => performance.now());
    this.stillness = new Stillness(MAX_GAP_MS, this.monotonicMs);
    this.loop = new Loop({
      pass: () => this.look(),
      onError: (error) => {
        options.onError(error);
        return WATCH_MS;
      },
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Whether a duty is ours now. False also when we could not say for a while that we live. */
  holds(name: string): boolean {
    return this.held.has(name) && this.monotonicMs() - this.heldSince < VALID_MS;
  }

  /** Gives back what is ours, so that nobody has to wait for it. */
  async stop(): Promise<void> {
    await this.loop.stop();
    this.held.clear();
    await giveBackDuties(this.options.db, this.options.holder).catch(this.options.onError); // else our silence tells
  }

  /** Says that we live and looks at the duties of others; how long to wait before the next look. */
  async look(): Promise<number> {
    const { db, names, holder } = this.options;
    const asked = this.monotonicMs();
    const rows = new Map((await holdDuties(db, names, holder)).map((row) => [row.name, row]));
    this.heldSince = asked;
    const still = this.stillness.read(new Map([...rows].map(([name, { term, seq }]) => [name, `${term} ${seq}`])));
    let waitMs = HOLD_MS;
    for (const name of names) {
      const row = rows.get(name);
      if (row?.holder === holder) this.note(name, row.term);
      else waitMs = Math.min(waitMs, await this.watch(name, row, still.get(name) ?? 0));
    }
    return waitMs;
  }

  private async watch(name: string, row: DutyRow | undefined, stillMs: number): Promise<number> {
    this.held.delete(name);
    const leftMs = row === undefined || row.holder === NOBODY ? 0 : SILENT_MS - stillMs;
    if (leftMs > 0) return Math.min(WATCH_MS, leftMs);
    const term = await takeDuty(this.options.db, name, this.options.holder, row);
    if (term !== undefined) this.note(name, term);
    return WATCH_MS;
  }

  private note(name: string, term: string): void {
    const isNew = this.held.get(name) !== term;
    this.held.set(name, term);
    if (isNew) this.options.onTaken(name);
  }
}
