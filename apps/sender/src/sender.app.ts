import { setTimeout as pause } from 'node:timers/promises';
import { Loop } from '#lifecycle';
import { type Database, releaseClaims } from '#storage';
import type { Logger } from '#telemetry';
import type { Backlog } from './backlog.js';
import type { DeliveryQueue } from './delivery-queue.js';
import { GrantKeeper } from './grant-keeper.js';
import type { SendDelivery } from './send-delivery.js';

export interface SenderAppParts {
  readonly db: Database;
  readonly backlog: Backlog;
  readonly queue: DeliveryQueue;
  readonly sendDelivery: SendDelivery;
  /** Ends attempts in hand, whatever their servers do. */
  readonly abandon: (which: 'unarmed' | 'all') => void;
  readonly workers: number;
  readonly grantSeconds: number;
  readonly log: Logger;
}

/** How often it is looked what is to be renewed, while a grant lasts. */
const LOOKS_PER_GRANT = 8;
/** What has not come to its dot by then is given back. */
const UNARMED_MS = 20_000;
/** A server may owe the reply to a dot for long; what is armed is waited for up to this, then it is `unknown`. */
const ARMED_MS = 50_000;
/** To store how what was abandoned ended. */
const LAST_MS = 5_000;

/** Works through the queue with a fixed number of workers and keeps the claims of what it holds alive. */
export class SenderApp {
  private readonly grants: GrantKeeper;
  private readonly renewing: Loop;
  private workers: Promise<void>[] = [];

  constructor(private readonly parts: SenderAppParts) {
    this.grants = new GrantKeeper(parts.db, parts.grantSeconds);
    this.renewing = new Loop({ pass: () => this.renew(), onError: (error) => this.renewFailed(error) });
  }

  start(): void {
    this.workers = Array.from({ length: this.parts.workers }, () => this.work());
    this.parts.backlog.start();
    this.renewing.start();
  }

  /** Gives back what was not begun and finishes what was. */
  async stop(): Promise<void> {
    const { db, backlog, queue, log } = this.parts;
    const unstarted = [...backlog.close(), ...queue.close()];
    await releaseClaims(db, unstarted).catch((error: unknown) =>
      log.warn({ err: error }, 'claims could not be given back; their grants will run out'),
    );
    const finished = Promise.all(this.workers).then(() => true);
    const isDone = (withinMs: number) => Promise.race([finished, pause(withinMs, false, { ref: false })]);
    if (!(await isDone(UNARMED_MS))) {
      this.parts.abandon('unarmed');
      if (!(await isDone(ARMED_MS - UNARMED_MS))) {
        log.error({ deliveries: queue.atWork }, 'stopping while a server owes replies: these deliveries are ambiguous');
        this.parts.abandon('all');
        await isDone(LAST_MS);
      }
    }
    await this.renewing.stop();
  }

  private async work(): Promise<void> {
    for (;;) {
      const delivery = await this.parts.queue.next();
      if (!delivery) return;
      try {
        await this.parts.sendDelivery.run(delivery);
      } finally {
        this.parts.queue.done(delivery);
      }
    }
  }

  private async renew(): Promise<number> {
    const { backlog, queue, grantSeconds } = this.parts;
    const lost = await this.grants.keep([...backlog.held, ...queue.held]);
    backlog.drop(lost);
    queue.drop(lost);
    return (grantSeconds * 1000) / LOOKS_PER_GRANT;
  }

  private renewFailed(error: unknown): number {
    this.parts.log.warn({ err: error }, 'grants could not be renewed; trying again');
    return 1_000;
  }
}
