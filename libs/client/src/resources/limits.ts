import type { AnswerOf, BodyOf, ItemOf, QueryOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest } from '../rest/rest.js';
import type { ActionOptions } from './actions.js';

export type Limit = AnswerOf<'/v1/limits/{scope}', 'get'>;
export type LimitRules = BodyOf<'/v1/limits/{scope}', 'put'>;

/** Limits: how much may be sent in how long. */
export class Limits {
  constructor(private readonly rest: Rest) {}

  /** A limit with what was used of it. @param scope `tenant`, `contact`, `sender:acme.example`, `domain:gmail`, `campaign:cmp_…` ... */
  get(scope: string): Promise<Limit> {
    return this.rest.call<Limit>({ method: 'GET', path: this.path(scope) });
  }

  list(query: QueryOf<'/v1/limits'> = {}): Pages<ItemOf<'/v1/limits'>> {
    return new Pages(this.rest, '/v1/limits', query);
  }

  /** Live at once. `ifVersion` is needed where there is a limit already: the `version` that was seen. */
  set(scope: string, body: LimitRules, { ifVersion }: Pick<ActionOptions, 'ifVersion'> = {}): Promise<Limit> {
    return this.rest.call<Limit>({ method: 'PUT', path: this.path(scope), body, ifVersion });
  }

  delete(scope: string, { ifVersion }: Pick<ActionOptions, 'ifVersion'> = {}): Promise<void> {
    return this.rest.call({ method: 'DELETE', path: this.path(scope), ifVersion });
  }

  private path(scope: string): string {
    return `/v1/limits/${encodeURIComponent(scope)}`;
  }
}
