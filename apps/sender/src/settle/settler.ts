import { setTimeout as pause } from 'node:timers/promises';
import { type Database, GroupCommit, settle, type SettleAsk } from '#storage';
import type { Facts, Logger } from '#telemetry';

const MAX_BATCH = 500;
const WIDTH = 1;
const LINGER_MS = 5;
const RETRY_MS = 500;

/** Records the ends of attempts, many in a statement. An outcome is never given up while the process lives. */
export class Settler {
  private readonly batches: GroupCommit<SettleAsk, boolean>;
  private pending = 0;

  constructor(
    private readonly db: Database,
    private readonly log: Logger,
    private readonly facts: Facts,
  ) {
    this.batches = new GroupCommit({ width: WIDTH, maxBatch: MAX_BATCH, lingerMs: LINGER_MS }, (asks) =>
      this.store(asks),
    );
  }

  /** Outcomes that are not durable yet. */
  get unsettled(): number {
    return this.pending;
  }

  /** Whether the delivery moved; false: somebody else had moved it. Waits for as long as the database is away. */
  async settle(ask: SettleAsk): Promise<boolean> {
    this.pending += 1;
    try {
      return await this.batches.add(ask);
    } finally {
      this.pending -= 1;
    }
  }

  private async store(asks: readonly SettleAsk[]): Promise<boolean[]> {
    for (;;) {
      try {
        const began = performance.now();
        const moved = await settle(this.db, asks);
        this.facts.settleBatch(asks.length, (performance.now() - began) / 1000);
        return asks.map(({ id }) => moved.has(id));
      } catch (error) {
        // A refusal by the database is for the halving above; anything else passes: the statement may be repeated, it is guarded.
        if (isRefusal(error)) throw error;
        this.log.error({ err: error, outcomes: asks.length }, 'outcomes could not be stored; trying again');
        await pause(RETRY_MS);
      }
    }
  }
}

const isRefusal = (error: unknown): boolean => /^2[23]/.test(String((error as { code?: unknown }).code));
