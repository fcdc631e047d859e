import type { AnswerOf, BodyOf, ItemOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest } from '../rest/rest.js';

export type Key = ItemOf<'/v1/keys'>;

/** API keys. The secret of a new one is shown once, so a lost answer is not repeated. */
export class Keys {
  constructor(private readonly rest: Rest) {}

  create(body: BodyOf<'/v1/keys', 'post'>): Promise<AnswerOf<'/v1/keys', 'post'>> {
    return this.rest.call({ method: 'POST', path: '/v1/keys', body });
  }

  list(): Pages<Key> {
    return new Pages(this.rest, '/v1/keys', {});
  }

  /** Dead everywhere within 5 seconds. */
  revoke(id: string): Promise<void> {
    return this.rest.call({ method: 'DELETE', path: `/v1/keys/${encodeURIComponent(id)}` });
  }
}
