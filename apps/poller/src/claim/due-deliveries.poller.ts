import type { Lane, ProcessId } from '#domain';
import { Loop } from '#lifecycle';
import type { Publisher } from '#messaging';
import { claimDue, type Database, DatabaseClock, type DueClaim, readNow, sweepClaims } from '#storage';
import type { Facts, Logger } from '#telemetry';
import { noteLapsed } from '../reconcile/note-lapsed.js';
import { ClaimLines } from './claim-lines.js';
import { ClaimWindow } from './claim-window.js';
import { HandOver } from './hand-over.js';
import { Watermark } from './watermark.js';

export interface DueDeliveriesOptions {
  readonly lane: Lane;
  readonly db: Database;
  readonly publisher: Publisher;
  readonly poller: ProcessId;
  readonly batch: number;
  /** A claim is a lease: unarmed after this, it goes back. Senders renew it while they work. */
  readonly grantSeconds: number;
  readonly log: Logger;
  readonly facts: Facts;
  /** Told of claims: there will be something to tell of them soon. */
  readonly onClaimed?: () => void;
}

/** What is due within this time is claimed now and held until its millisecond. */
const LOOK_AHEAD_MS = 1_000;
/** What is due sooner than the look-ahead is told of by NOTIFY, so this may be a good part of it. */
const IDLE_MS = 500;
const FULL_MS = 50;
/** Counting what is queued costs the more the more is, so between two counts at least so many times as long passes. */
const SWEEP = { leastMs: 100, times: 9 } as const;
/** Copies are weighed one by one: so many that the event loop is not kept from what is urgent. */
const LINE_BATCH = 300;
const ERROR_MS = 1_000;

/** Claims due deliveries of one lane, and what may go of the lines beside it, in batches, and hands them over to Kafka at their time. */
export class DueDeliveriesPoller {
  private readonly clock = new DatabaseClock();
  private readonly watermark = new Watermark();
  private readonly handOver: HandOver;
  private readonly loop: Loop;
  private readonly lines: ClaimLines;
  private readonly linesLoop: Loop;
  private readonly window: ClaimWindow;
  private nextSweepAt = -Infinity;

  constructor(private readonly options: DueDeliveriesOptions) {
    const { lane, db, publisher, log, facts } = options;
    this.handOver = new HandOver({ lane, db, clock: this.clock, publisher, log, facts });
    this.window = new ClaimWindow(lane);
    this.loop = new Loop({ pass: () => this.pass(), onError: (error) => this.failed(error) });
    this.lines = new ClaimLines({
      ...options,
      batch: Math.min(options.batch, LINE_BATCH),
      onMissed: (ended) => noteLapsed(ended, options),
    });
    this.linesLoop = new Loop({ pass: () => this.passLines(), onError: (error) => this.linesFailed(error) });
  }

  start(): void {
    this.loop.start();
    this.linesLoop.start();
  }

  /** Something may be due sooner than the next pass. */
  wake(): void {
    this.loop.wake();
    this.linesLoop.wake();
  }

  /** Stops claiming, then publishes or gives back what is held. */
  async stop(): Promise<void> {
    await Promise.all([this.loop.stop(), this.linesLoop.stop()]);
    await this.handOver.stop();
  }

  private async pass(): Promise<number> {
    if (!(await this.hasRoom())) return FULL_MS;
    const { lane, db, batch, poller, grantSeconds } = this.options;
    const beganMs = this.clock.now() ?? (await this.readClock());
    const claimed = await claimDue(db, {
      lane,
      batch,
      poller,
      watermarkMs: this.watermark.next(),
      lookAheadMs: LOOK_AHEAD_MS,
      grantSeconds,
    });
    if (claimed.isLed) this.linesLoop.wake();
    if (claimed.nowMs === undefined) {
      if (!claimed.isLed) this.watermark.foundNothing(beganMs); // else there may be more behind what was led away
      return claimed.isLed ? 0 : IDLE_MS;
    }
    this.watermark.claimed(Math.max(...claimed.claims.map(({ dueMs }) => dueMs)), claimed.nowMs);
    this.took(claimed.claims, claimed.nowMs);
    return claimed.isLed || claimed.claims.length === batch ? 0 : IDLE_MS;
  }

  /** Beside the lane: what waits in lines never delays what waits in none. */
  private async passLines(): Promise<number> {
    if (!(await this.hasRoom())) return FULL_MS;
    return this.lines.run((claims, nowMs) => this.took(claims, nowMs));
  }

  private took(claims: readonly DueClaim[], nowMs: number): void {
    const { lane, facts } = this.options;
    this.options.onClaimed?.();
    this.clock.read(nowMs);
    this.window.claimed(claims.length);
    facts.deliveriesClaimed(lane, claims.length);
    this.handOver.take(claims);
  }

  /** Counting is dear, so it is done only when the claims of the last moments could be too many. */
  private async hasRoom(): Promise<boolean> {
    const { batch, db, lane } = this.options;
    if (this.handOver.isBlocked) return false;
    if (this.window.fits(batch)) return true;
    const beganAt = performance.now();
    if (beganAt < this.nextSweepAt) return false;
    this.nextSweepAt = Infinity; // both loops come here
    try {
      this.window.counted(await sweepClaims(db, lane));
    } finally {
      const endedAt = performance.now();
      this.nextSweepAt = endedAt + Math.max(SWEEP.leastMs, (endedAt - beganAt) * SWEEP.times);
    }
    return this.window.fits(batch);
  }

  private async readClock(): Promise<number> {
    const nowMs = await readNow(this.options.db);
    this.clock.read(nowMs);
    return nowMs;
  }

  private failed(error: unknown): number {
    this.watermark.reset();
    this.options.log.error({ err: error, lane: this.options.lane }, 'claiming failed; trying again');
    return ERROR_MS;
  }

  private linesFailed(error: unknown): number {
    this.options.log.error({ err: error, lane: this.options.lane }, 'claiming from lines failed; trying again');
    return ERROR_MS;
  }
}
