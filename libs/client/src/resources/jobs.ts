import type { WatchOptions } from '../realtime/watch-topic.js';
import type { Watcher } from '../realtime/watcher.js';
import type { AnswerOf, BodyOf, ItemOf, QueryOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest } from '../rest/rest.js';
import { act, type ActionOptions, type ReadOptions } from './actions.js';

export type Job = AnswerOf<'/v1/jobs/{id}', 'get'>;

const FINAL: readonly string[] = ['completed', 'completed_with_errors', 'cancelled'];

/** Jobs: the progress of what takes longer than a call. */
export class Jobs {
  constructor(
    private readonly rest: Rest,
    private readonly watcher: Watcher,
  ) {}

  get(id: string, { signal }: ReadOptions = {}): Promise<Job> {
    return this.rest.call<Job>({ method: 'GET', path: this.path(id), signal });
  }

  list(query: QueryOf<'/v1/jobs'> = {}): Pages<ItemOf<'/v1/jobs'>> {
    return new Pages(this.rest, '/v1/jobs', query);
  }

  deliveries(id: string): Pages<ItemOf<'/v1/jobs/{id}/deliveries'>> {
    return new Pages(this.rest, `${this.path(id)}/deliveries`, {});
  }

  failures(id: string): Promise<AnswerOf<'/v1/jobs/{id}/failures', 'get'>> {
    return this.rest.call({ method: 'GET', path: `${this.path(id)}/failures` });
  }

  cancel(id: string, options?: ActionOptions): Promise<Job> {
    return act(this.rest, `${this.path(id)}/cancel`, undefined, options);
  }

  pause(id: string, options?: ActionOptions): Promise<Job> {
    return act(this.rest, `${this.path(id)}/pause`, undefined, options);
  }

  resume(id: string, options?: ActionOptions): Promise<Job> {
    return act(this.rest, `${this.path(id)}/resume`, undefined, options);
  }

  /** Sends again what failed, and only that. */
  retry(id: string, body: BodyOf<'/v1/jobs/{id}/retry', 'post'>, options?: ActionOptions): Promise<Job> {
    return act(this.rest, `${this.path(id)}/retry`, body, options);
  }

  /** The job as it is, again with every progress, until it is final. */
  watch(id: string, options?: WatchOptions): AsyncGenerator<Job, void> {
    const isFinal = ({ status }: Job) => FINAL.includes(status);
    return this.watcher.watch({ topic: `job:${id}`, read: () => this.get(id, options), isFinal }, options);
  }

  private path(id: string): string {
    return `/v1/jobs/${encodeURIComponent(id)}`;
  }
}
