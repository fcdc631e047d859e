import type { AnswerOf, BodyOf, ItemOf, QueryOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest } from '../rest/rest.js';
import { act, type ActionOptions } from './actions.js';

export type DeadLetter = AnswerOf<'/v1/dead-letters/{id}', 'get'>;

/** Dead letters: what could not be sent or read, and waits for a person. */
export class DeadLetters {
  constructor(private readonly rest: Rest) {}

  get(id: string): Promise<DeadLetter> {
    return this.rest.call<DeadLetter>({ method: 'GET', path: `/v1/dead-letters/${encodeURIComponent(id)}` });
  }

  list(query: QueryOf<'/v1/dead-letters'> = {}): Pages<ItemOf<'/v1/dead-letters'>> {
    return new Pages(this.rest, '/v1/dead-letters', query);
  }

  /** Leaves it unsent for good; it stays listed. */
  discard(
    id: string,
    body: BodyOf<'/v1/dead-letters/{id}/discard', 'post'>,
    options?: ActionOptions,
  ): Promise<DeadLetter> {
    return act(this.rest, `/v1/dead-letters/${encodeURIComponent(id)}/discard`, body, options);
  }

  /** Sends them again. A dry run unless `dryRun` is false. */
  redrive(
    body: BodyOf<'/v1/dead-letters/redrive', 'post'>,
    options?: ActionOptions,
  ): Promise<AnswerOf<'/v1/dead-letters/redrive', 'post'>> {
    return act(this.rest, '/v1/dead-letters/redrive', body, options);
  }
}
