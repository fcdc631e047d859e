import type { AnswerOf, BodyOf, ItemOf, QueryOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest } from '../rest/rest.js';
import { act, type ActionOptions } from './actions.js';

export type Suppression = AnswerOf<'/v1/suppressions/{idOrAddress}', 'get'>;

/** Suppressions: addresses that get nothing more. */
export class Suppressions {
  constructor(private readonly rest: Rest) {}

  create(body: BodyOf<'/v1/suppressions', 'post'>, options?: ActionOptions): Promise<Suppression> {
    return act(this.rest, '/v1/suppressions', body, options);
  }

  get(idOrAddress: string): Promise<Suppression> {
    return this.rest.call<Suppression>({ method: 'GET', path: `/v1/suppressions/${encodeURIComponent(idOrAddress)}` });
  }

  list(query: QueryOf<'/v1/suppressions'> = {}): Pages<ItemOf<'/v1/suppressions'>> {
    return new Pages(this.rest, '/v1/suppressions', query);
  }

  delete(idOrAddress: string): Promise<void> {
    return this.rest.call({ method: 'DELETE', path: `/v1/suppressions/${encodeURIComponent(idOrAddress)}` });
  }

  /** Which of these addresses are suppressed. */
  check(addresses: string[]): Promise<AnswerOf<'/v1/suppressions/check', 'post'>> {
    return act(this.rest, '/v1/suppressions/check', { addresses });
  }
}
