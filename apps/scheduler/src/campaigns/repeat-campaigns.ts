import { Loop } from '#lifecycle';
import { type CampaignRef, type Database, findDueRuns } from '#storage';
import type { Logger } from '#telemetry';
import { makeDueRun } from './make-due-run.js';

const WAIT_MS = 500;

export interface RepeatCampaignsOptions {
  readonly db: Database;
  readonly log: Logger;
}

/** Makes the runs of campaigns that repeat when they are due. Several processes may do it at once: each run is made once. */
export class RepeatCampaigns {
  private readonly loop: Loop;

  constructor(private readonly options: RepeatCampaignsOptions) {
    const onError = (error: unknown) => {
      options.log.warn({ err: error }, 'campaigns that repeat cannot be looked after; trying again');
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

  /** Waits for the run that is being made. May be called twice. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async pass(): Promise<number> {
    for (const campaign of await findDueRuns(this.options.db)) await this.repeat(campaign);
    return WAIT_MS;
  }

  private async repeat(campaign: CampaignRef): Promise<void> {
    try {
      await makeDueRun(this.options.db, campaign);
    } catch (error) {
      this.options.log.warn({ err: error, emailId: campaign.id }, 'a run could not be made; trying again'); // the others go on
    }
  }
}
