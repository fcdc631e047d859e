import type { AnswerOf, BodyOf, ItemOf, QueryOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest } from '../rest/rest.js';
import type { WatchOptions } from '../realtime/watch-topic.js';
import type { Watcher } from '../realtime/watcher.js';
import { act, type ActionOptions, type ReadOptions } from './actions.js';

export type Email = AnswerOf<'/v1/emails/{id}', 'get'>;
export type EmailListItem = ItemOf<'/v1/emails'>;
export type NewEmail = BodyOf<'/v1/emails', 'post'>;
export type EmailPatch = BodyOf<'/v1/emails/{id}', 'patch'>;
export type CancelledEmail = AnswerOf<'/v1/emails/{id}/cancel', 'post'>;
export type NewBatch = BodyOf<'/v1/emails/batch', 'post'>;
/** What `list` can be asked for. */
export type EmailQuery = QueryOf<'/v1/emails'>;
/** Why a copy has not been sent yet. */
export type Explanation = AnswerOf<'/v1/emails/{id}/explain', 'get'>['data'][number];
export type TimelineEvent = ItemOf<'/v1/emails/{id}/events'>;
export type BulkAction = BodyOf<'/v1/emails/bulk', 'post'>;

/** Emails: what somebody wants to be sent, to whom and when. */
export class Emails {
  constructor(
    private readonly rest: Rest,
    private readonly watcher: Watcher,
  ) {}

  /** Schedules an email: stored when this resolves. Without a time it goes now. */
  create(email: NewEmail, options?: Pick<ActionOptions, 'idempotencyKey'>): Promise<Email> {
    return act<Email>(this.rest, '/v1/emails', email, options);
  }

  /** The email as it would be; nothing is stored. */
  check(email: NewEmail): Promise<Email> {
    return this.rest.call<Email>({ method: 'POST', path: '/v1/emails', body: email, query: { dryRun: true } });
  }

  /** Up to 1,000 emails in one call. */
  createBatch(
    batch: NewBatch,
    options?: Pick<ActionOptions, 'idempotencyKey'>,
  ): Promise<AnswerOf<'/v1/emails/batch', 'post'>> {
    return act(this.rest, '/v1/emails/batch', batch, options);
  }

  /** One action on all emails that a filter finds. A dry run unless `dryRun` is false. */
  bulk(
    action: BulkAction,
    options?: Pick<ActionOptions, 'idempotencyKey'>,
  ): Promise<AnswerOf<'/v1/emails/bulk', 'post'>> {
    return act(this.rest, '/v1/emails/bulk', action, options);
  }

  get(id: string, { signal }: ReadOptions = {}): Promise<Email> {
    return this.rest.call<Email>({ method: 'GET', path: this.path(id), signal });
  }

  /** Newest first, without bodies. */
  list(query: EmailQuery = {}): Pages<EmailListItem> {
    return new Pages(this.rest, '/v1/emails', query);
  }

  /** A merge patch: what is left out stays. */
  update(id: string, patch: EmailPatch, { ifVersion }: Pick<ActionOptions, 'ifVersion'> = {}): Promise<Email> {
    return this.rest.call<Email>({ method: 'PATCH', path: this.path(id), body: patch, ifVersion });
  }

  /** What is not armed yet will never be sent. `waitSeconds` waits for what is being sent now. */
  cancel(
    id: string,
    { waitSeconds, ...options }: ActionOptions & { readonly waitSeconds?: number } = {},
  ): Promise<CancelledEmail> {
    return act(this.rest, `${this.path(id)}/cancel`, undefined, options, { wait: waitSeconds });
  }

  reschedule(id: string, time: BodyOf<'/v1/emails/{id}/reschedule', 'post'>, options?: ActionOptions): Promise<Email> {
    return act(this.rest, `${this.path(id)}/reschedule`, time, options);
  }

  sendNow(id: string, options?: ActionOptions): Promise<Email> {
    return act(this.rest, `${this.path(id)}/send-now`, {}, options);
  }

  pause(id: string, options?: ActionOptions): Promise<Email> {
    return act(this.rest, `${this.path(id)}/pause`, undefined, options);
  }

  resume(id: string, options?: ActionOptions): Promise<Email> {
    return act(this.rest, `${this.path(id)}/resume`, undefined, options);
  }

  /** Why its copies have not been sent yet. */
  explain(id: string): Promise<AnswerOf<'/v1/emails/{id}/explain', 'get'>> {
    return this.rest.call({ method: 'GET', path: `${this.path(id)}/explain` });
  }

  deliveries(id: string): Pages<ItemOf<'/v1/emails/{id}/deliveries'>> {
    return new Pages(this.rest, `${this.path(id)}/deliveries`, {});
  }

  /** What happened to it, oldest first. */
  events(id: string): Pages<ItemOf<'/v1/emails/{id}/events'>> {
    return new Pages(this.rest, `${this.path(id)}/events`, {});
  }

  stats(id: string): Promise<AnswerOf<'/v1/emails/{id}/stats', 'get'>> {
    return this.rest.call({ method: 'GET', path: `${this.path(id)}/stats` });
  }

  /** The email as it is, again after every change, until all its copies have come to an end. */
  watch(id: string, options?: WatchOptions): AsyncGenerator<Email, void> {
    return this.watcher.watch(
      { topic: `email:${id}`, read: () => this.get(id, options), isFinal: isFinalEmail },
      options,
    );
  }

  private path(id: string): string {
    return `/v1/emails/${encodeURIComponent(id)}`;
  }
}

/** Whether nothing will happen to it by itself any more. */
export const isFinalEmail = ({ counts }: Pick<Email, 'counts'>): boolean =>
  counts.scheduled + counts.queued + counts.sending === 0;
