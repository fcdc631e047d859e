import { Loop } from '#lifecycle';
import { type Database, findOpenJobs, type OpenJob } from '#storage';
import type { Logger } from '#telemetry';
import { JobTeller } from './job-teller.js';
import type { RowWorks } from './row-work.js';
import { runChunk } from './run-chunk.js';

const WAIT_MS = 1_000;

export interface JobRunnerOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly works: RowWorks;
}

/** Keeps jobs going: does the rows of those that have some, chunk by chunk, and tells how far all of them are. */
export class JobRunner {
  private readonly rows: Loop;
  private readonly telling: Loop;

  constructor(private readonly options: JobRunnerOptions) {
    const teller = new JobTeller(options.db, (error, job) => this.warn(error, job));
    const onError = (error: unknown) => {
      options.log.warn({ err: error }, 'jobs cannot be looked after');
      return WAIT_MS;
    };
    this.rows = new Loop({ pass: () => this.pass(), onError });
    this.telling = new Loop({ pass: () => teller.pass(), onError });
  }

  start(): void {
    this.rows.start();
    this.telling.start();
  }

  /** There is a new job, or one that may go on: at once instead of in a second. */
  wake(): void {
    this.rows.wake();
    this.telling.wake();
  }

  /** Waits for the chunk under way. May be called twice. */
  async stop(): Promise<void> {
    await Promise.all([this.rows.stop(), this.telling.stop()]);
  }

  /** A chunk of every job in turn, so that a long one does not keep the others waiting. */
  private async pass(): Promise<number> {
    const open = (await findOpenJobs(this.options.db)).filter(({ hasRows }) => hasRows);
    let waitMs = WAIT_MS;
    for (const job of open) if ((await this.chunk(job)) === 'more') waitMs = 0;
    return waitMs;
  }

  private async chunk(job: OpenJob) {
    try {
      return await runChunk(this.options.db, this.options.works, job);
    } catch (error) {
      this.warn(error, job); // the others go on; this one is tried again
      return 'rest';
    }
  }

  private warn(error: unknown, { id }: OpenJob): void {
    this.options.log.warn({ err: error, jobId: id }, 'a step of a job failed and is tried again');
  }
}
