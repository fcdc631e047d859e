import { publicId } from '#domain';
import { Loop } from '#lifecycle';
import { type Database, findAmbiguous, listProcesses, reclaim, settle } from '#storage';
import type { Facts, Logger } from '#telemetry';
import { finishCancels } from './finish-cancels.js';
import { reapAmbiguous } from './reap-ambiguous.js';
import { resendAfterHold } from './resend-held.js';
import { Silence } from './silence.js';

const PERIOD_MS = 1_000;
const ERROR_MS = 2_000;
const CLAIMS_AT_ONCE = 50;
const AMBIGUOUS_AT_ONCE = 500;
/** Looking for armed deliveries walks everything claimed within a grant, so not every pass does, unless somebody new is gone. */
const LOOK_MS = 5_000;

export interface ReconcileOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly facts: Facts;
  readonly silentSeconds: number;
  readonly holdSeconds: number;
  /** Told when deliveries went back to `scheduled`: they may be due. */
  readonly onReturned: () => void;
}

/** Repairs what crashes leave behind. Its ordinary duties are the recovery: nothing special happens at start. */
export class ReconcilePoller {
  private readonly silence: Silence;
  private readonly loop: Loop;
  private lookedFor = '';
  private lookAgainAt = -Infinity;

  constructor(private readonly options: ReconcileOptions) {
    this.silence = new Silence(options.silentSeconds);
    this.loop = new Loop({ pass: () => this.pass(), onError: (error) => this.failed(error) });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async pass(): Promise<number> {
    const returned = (await this.reclaimLost()) + (await this.reap());
    if (returned > 0) this.options.onReturned();
    await finishCancels(this.options.db);
    return PERIOD_MS;
  }

  private async reclaimLost(): Promise<number> {
    const lost = await reclaim(this.options.db, CLAIMS_AT_ONCE);
    this.options.facts.claimsReclaimed(lost.length);
    if (lost.length > 0)
      this.options.log.warn({ deliveries: lost.length }, 'claims were lost with their process; reclaimed');
    return lost.length;
  }

  private async reap(): Promise<number> {
    const { db, log, facts, holdSeconds } = this.options;
    const owners = this.silence.read(await listProcesses(db, 'sender'));
    const gone = JSON.stringify(owners);
    if (gone === this.lookedFor && performance.now() < this.lookAgainAt) return 0;
    const ambiguous = await findAmbiguous(db, owners, AMBIGUOUS_AT_ONCE);
    if (ambiguous.length > 0) {
      await settle(
        db,
        ambiguous.map((delivery) => reapAmbiguous(delivery, holdSeconds)),
      );
      facts.deliveriesAmbiguous(ambiguous.length);
      for (const { id, attempt } of ambiguous)
        log.warn({ deliveryId: publicId('delivery', id), attempt }, 'delivery is ambiguous: its sender is gone');
    }
    const again = await resendAfterHold(db);
    if (again > 0)
      log.warn({ deliveries: again }, 'ambiguous deliveries are sent once more, marked as possible duplicates');
    this.lookedFor = gone;
    const mayBeMore = ambiguous.length + again > 0;
    this.lookAgainAt = mayBeMore ? -Infinity : performance.now() + Math.min(LOOK_MS, holdSeconds * 250);
    return again;
  }

  private failed(error: unknown): number {
    this.options.log.error({ err: error }, 'reconciling failed; trying again');
    return ERROR_MS;
  }
}
