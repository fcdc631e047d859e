import type { Rest } from '../rest/rest.js';
import { act, type ActionOptions } from './actions.js';
import type { Job } from './jobs.js';

/** What a load test sends, to made-up people of the sandbox. */
export interface NewLoadTest {
  /** 0 to 1,000,000. */
  readonly count: number;
  readonly ratePerSecond?: number | null;
  readonly subject?: string;
  readonly text?: string;
  /** Shares of the copies that fail, 0 to 1. */
  readonly failures?: { readonly temporary?: number; readonly permanent?: number };
  readonly seed?: number;
  readonly ownerId?: string | null;
}

/** Load tests: many emails of test keys, watched as a job. */
export class LoadTests {
  constructor(private readonly rest: Rest) {}

  create(test: NewLoadTest, options?: Pick<ActionOptions, 'idempotencyKey'>): Promise<Job> {
    return act(this.rest, '/v1/load-tests', test, options);
  }
}
