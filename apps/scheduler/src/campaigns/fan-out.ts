import { Loop } from '#lifecycle';
import { type CampaignRef, type Database, findExpanding } from '#storage';
import type { Logger } from '#telemetry';
import { expandNext, type MakeRecipients } from './expand-next.js';

const WAIT_MS = 500;

export interface FanOutOptions {
  /** With pinned plans: what is full now was empty when it was analysed. */
  readonly db: Database;
  readonly log: Logger;
  /** Who a load test goes to. */
  readonly makeRecipients: MakeRecipients;
}

/**
 * Makes recipients of campaigns and load tests into copies, chunk by chunk and in turn. Several processes may do it at once,
 * whoever dies leaves a whole chunk undone, and the next one goes on behind it.
 */
export class FanOut {
  private readonly loop: Loop;

  constructor(private readonly options: FanOutOptions) {
    const onError = (error: unknown) => {
      options.log.warn({ err: error }, 'campaigns cannot be looked after; trying again');
      return WAIT_MS;
    };
    this.loop = new Loop({ pass: () => this.pass(), onError });
  }

  start(): void {
    this.loop.start();
  }

  /** There is a new campaign: at once instead of with the next look. */
  wake(): void {
    this.loop.wake();
  }

  /** Waits for the chunk under way. May be called twice. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async pass(): Promise<number> {
    let waitMs = WAIT_MS;
    for (const campaign of await findExpanding(this.options.db)) {
      if ((await this.expand(campaign)) === 'more') waitMs = 0;
    }
    return waitMs;
  }

  private async expand(campaign: CampaignRef) {
    try {
      return await expandNext(this.options.db, campaign, this.options.makeRecipients);
    } catch (error) {
      this.options.log.warn({ err: error, emailId: campaign.id }, 'copies could not be made; trying again');
      return 'rest'; // the others go on
    }
  }
}
