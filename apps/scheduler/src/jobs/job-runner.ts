import { Loop } from '#lifecycle';
import { type Database, findOpenJobs, findRetrying, type OpenJob } from '#storage';
import type { Logger } from '#telemetry';
import { JobTeller } from './job-teller.js';
import { retryChunk } from './retry-chunk.js';
import type { RowWorks } from './row-work.js';
import { type ChunkEnd, runChunk } from './run-chunk.js';

const WAIT_MS = 1_000;

export interface JobRunnerOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly works: RowWorks;
}

/** Keeps jobs going: does the rows and the retries of those that have some, chunk by chunk, and tells how far all of them are. */
export class JobRunner {
  private readonly rows: Loop;
  private readonly retries: Loop;
  private readonly telling: Loop;

  constructor(private readonly options: JobRunnerOptions) {
    const teller = new JobTeller(options.db, (error, job) => this.warn(error, job));
    const onError = (error: unknown) => {
      options.log.warn({ err: error }, 'jobs cannot be looked after');
      return WAIT_MS;
    };
    this.rows = new Loop({ pass: () => this.passRows(), onError });
    this.retries = new Loop({ pass: () => this.passRetries(), onError });
    this.telling = new Loop({ pass: () => teller.pass(), onError });
  }

  start(): void {
    this.rows.start();
    this.retries.start();
    this.telling.start();
  }

  /** There is a new job, or one that may go on: at once instead of in a second. */
  wake(): void {
    this.rows.wake();
    this.retries.wake();
    this.telling.wake();
  }

  /** Waits for the chunk under way. May be called twice. */
  async stop(): Promise<void> {
    await Promise.all([this.rows.stop(), this.retries.stop(), this.telling.stop()]);
  }

  private async passRows(): Promise<number> {
    const { db, works } = this.options;
    const open = (await findOpenJobs(db)).filter(({ hasRows }) => hasRows);
    return this.inTurn(open, (job) => runChunk(db, works, job));
  }

  private async passRetries(): Promise<number> {
    const { db } = this.options;
    return this.inTurn(await findRetrying(db), (job) => retryChunk(db, job));
  }

  /** A chunk of every job in turn, so that a long one does not keep the others waiting. */
  private async inTurn(jobs: readonly OpenJob[], chunk: (job: OpenJob) => Promise<ChunkEnd>): Promise<number> {
    let waitMs = WAIT_MS;
    for (const job of jobs) {
      try {
        if ((await chunk(job)) === 'more') waitMs = 0;
      } catch (error) {
        this.warn(error, job); // the others go on; this one is tried again
      }
    }
    return waitMs;
  }

  private warn(error: unknown, { id }: OpenJob): void {
    this.options.log.warn({ err: error, jobId: id }, 'a step of a job failed and is tried again');
  }
}
