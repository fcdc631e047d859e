import type { Lane } from '#domain';
import type { Publisher } from '#messaging';
import { type Database, type DatabaseClock, type DueClaim, releaseClaims } from '#storage';
import type { Facts, Logger } from '#telemetry';
import { inTime } from './in-time.js';
import { LookAhead } from './look-ahead.js';
import { workOrders } from './work-orders.js';

export interface HandOverOptions {
  readonly lane: Lane;
  readonly db: Database;
  readonly clock: DatabaseClock;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly facts: Facts;
}

const BLOCK_MS = 1_000;
/** Well within a grant. The client itself tries for minutes while no broker can be reached. */
const PUBLISH_MS = 5_000;

/** Publishes claimed deliveries when their millisecond has come: one send under way, the next takes all that came due meanwhile. */
export class HandOver {
  private readonly lookAhead = new LookAhead();
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private inSend = 0;
  private stopped = false;
  private blockedUntil = -Infinity;

  constructor(private readonly options: HandOverOptions) {}

  /** Claimed deliveries that no broker has acknowledged yet. */
  get backlog(): number {
    return this.lookAhead.size + this.inSend;
  }

  /** Kafka has just refused: what is claimed now would only come back. */
  get isBlocked(): boolean {
    return performance.now() < this.blockedUntil;
  }

  take(claims: readonly DueClaim[]): void {
    this.lookAhead.hold(claims);
    this.schedule();
  }

  /** Finishes the send under way and gives back what was not sent. May be called twice. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sending;
    await this.giveBack(this.lookAhead.takeAll());
  }

  private schedule(): void {
    const { nextDueMs } = this.lookAhead;
    if (this.stopped || this.sending || nextDueMs === undefined) return;
    clearTimeout(this.timer);
    const waitMs = nextDueMs - this.now();
    if (waitMs <= 0) this.send();
    // A timer may ring a little early: then it is set again for the rest.
    else this.timer = setTimeout(() => this.schedule(), Math.min(Math.ceil(waitMs), 1_000));
  }

  private send(): void {
    const claims = this.lookAhead.take(this.now());
    this.inSend = claims.length;
    this.sending = this.publish(claims).finally(() => {
      this.inSend = 0;
      this.sending = undefined;
      this.schedule();
    });
  }

  private async publish(claims: readonly DueClaim[]): Promise<void> {
    const { lane, publisher, log, facts } = this.options;
    try {
      const orders = workOrders(lane, claims, new Date(this.now()).toISOString());
      // A send that succeeds after all does no harm: these claims are over, and the next ones have another epoch.
      await inTime(publisher.publish(orders), PUBLISH_MS);
      facts.ordersPublished(lane, orders.length, claims.length);
    } catch (error) {
      this.blockedUntil = performance.now() + BLOCK_MS;
      log.error(
        { err: error, lane, deliveries: claims.length },
        'work orders could not be published; giving the claims back',
      );
      await this.giveBack(claims);
    }
  }

  private async giveBack(claims: readonly DueClaim[]): Promise<void> {
    await releaseClaims(this.options.db, claims).catch((error: unknown) => {
      this.options.log.warn(
        { err: error, deliveries: claims.length },
        'claims could not be given back; their grants will run out',
      );
    });
  }

  /** Behind the database's clock rather than ahead of it; without a reading nothing is due yet. */
  private now(): number {
    return this.options.clock.now() ?? 0;
  }
}
