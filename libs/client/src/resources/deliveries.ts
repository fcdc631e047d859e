import type { WatchOptions } from '../realtime/watch-topic.js';
import type { Watcher } from '../realtime/watcher.js';
import type { AnswerOf, BodyOf, ItemOf, QueryOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest } from '../rest/rest.js';
import { act, type ActionOptions, type ReadOptions } from './actions.js';

export type Delivery = AnswerOf<'/v1/deliveries/{id}', 'get'>;

const OPEN: readonly string[] = ['scheduled', 'queued', 'sending'];

/** Deliveries: one recipient's copy of an email each. */
export class Deliveries {
  constructor(
    private readonly rest: Rest,
    private readonly watcher: Watcher,
  ) {}

  get(id: string, { signal }: ReadOptions = {}): Promise<Delivery> {
    return this.rest.call<Delivery>({ method: 'GET', path: this.path(id), signal });
  }

  list(query: QueryOf<'/v1/deliveries'> = {}): Pages<ItemOf<'/v1/deliveries'>> {
    return new Pages(this.rest, '/v1/deliveries', query);
  }

  /** Why it has not been sent yet. */
  explain(id: string): Promise<AnswerOf<'/v1/deliveries/{id}/explain', 'get'>> {
    return this.rest.call({ method: 'GET', path: `${this.path(id)}/explain` });
  }

  events(id: string): Pages<ItemOf<'/v1/deliveries/{id}/events'>> {
    return new Pages(this.rest, `${this.path(id)}/events`, {});
  }

  cancel(id: string, options?: ActionOptions): Promise<Delivery> {
    return act(this.rest, `${this.path(id)}/cancel`, undefined, options);
  }

  /** Sends what failed once more. */
  retry(
    id: string,
    body: BodyOf<'/v1/deliveries/{id}/retry', 'post'> = {},
    options?: ActionOptions,
  ): Promise<Delivery> {
    return act(this.rest, `${this.path(id)}/retry`, body, options);
  }

  /** Says how an attempt of unknown end ended. */
  resolve(id: string, body: BodyOf<'/v1/deliveries/{id}/resolve', 'post'>, options?: ActionOptions): Promise<Delivery> {
    return act(this.rest, `${this.path(id)}/resolve`, body, options);
  }

  /** The delivery as it is, again after every change, until it has come to an end. */
  watch(id: string, options?: WatchOptions): AsyncGenerator<Delivery, void> {
    const isFinal = ({ status }: Delivery) => !OPEN.includes(status);
    return this.watcher.watch({ topic: `delivery:${id}`, read: () => this.get(id, options), isFinal }, options);
  }

  private path(id: string): string {
    return `/v1/deliveries/${encodeURIComponent(id)}`;
  }
}
