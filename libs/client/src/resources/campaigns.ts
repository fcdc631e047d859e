import type { WatchOptions } from '../realtime/watch-topic.js';
import type { Watcher } from '../realtime/watcher.js';
import type { AnswerOf, BodyOf, ItemOf, QueryOf } from '../rest/operation.js';
import { Pages } from '../rest/pages.js';
import type { Rest, Upload } from '../rest/rest.js';
import { act, type ActionOptions, type ReadOptions } from './actions.js';

export type Campaign = AnswerOf<'/v1/campaigns/{id}', 'get'>;
export type CancelledCampaign = AnswerOf<'/v1/campaigns/{id}/cancel', 'post'>;
export type NewCampaign = BodyOf<'/v1/campaigns', 'post'>;
export type CampaignPatch = BodyOf<'/v1/campaigns/{id}', 'patch'>;
/** When what is sent. */
export type Plan = AnswerOf<'/v1/campaigns/{id}/plan', 'get'>;
/** What became of the rows of an upload. */
export type Uploaded = AnswerOf<'/v1/campaigns/{id}/recipients', 'post'>;

const FINAL: readonly string[] = ['completed', 'completed_with_errors', 'cancelled'];

/** Campaigns: one content to many, at a pace. */
export class Campaigns {
  constructor(
    private readonly rest: Rest,
    private readonly watcher: Watcher,
  ) {}

  /** With `recipients` it starts by itself at its time; without, it is a draft to upload them to. */
  create(campaign: NewCampaign, options?: Pick<ActionOptions, 'idempotencyKey'>): Promise<Campaign> {
    return act<Campaign>(this.rest, '/v1/campaigns', campaign, options);
  }

  get(id: string, { signal }: ReadOptions = {}): Promise<Campaign> {
    return this.rest.call<Campaign>({ method: 'GET', path: this.path(id), signal });
  }

  list(query: QueryOf<'/v1/campaigns'> = {}): Pages<ItemOf<'/v1/campaigns'>> {
    return new Pages(this.rest, '/v1/campaigns', query);
  }

  /** A merge patch: its pace and its windows may change while it runs. */
  update(id: string, patch: CampaignPatch, { ifVersion }: Pick<ActionOptions, 'ifVersion'> = {}): Promise<Campaign> {
    return this.rest.call<Campaign>({ method: 'PATCH', path: this.path(id), body: patch, ifVersion });
  }

  /** Adds recipients to a draft: CSV with a header row (`text/csv`), or a JSON value a line (`application/x-ndjson`). A stream is sent as it comes, and only once. */
  uploadRecipients(
    id: string,
    body: Upload['body'],
    { contentType = 'text/csv', ...options }: Partial<Omit<Upload, 'body'>> = {},
  ): Promise<Uploaded> {
    return this.rest.upload<Uploaded>(`${this.path(id)}/recipients`, { ...options, contentType, body });
  }

  start(id: string, options?: ActionOptions): Promise<Campaign> {
    return act(this.rest, `${this.path(id)}/start`, undefined, options);
  }

  pause(id: string, options?: ActionOptions): Promise<Campaign> {
    return act(this.rest, `${this.path(id)}/pause`, undefined, options);
  }

  resume(id: string, options?: ActionOptions): Promise<Campaign> {
    return act(this.rest, `${this.path(id)}/resume`, undefined, options);
  }

  /** What no server has yet will never be sent. */
  cancel(id: string, options?: ActionOptions): Promise<CancelledCampaign> {
    return act(this.rest, `${this.path(id)}/cancel`, undefined, options);
  }

  /** When a campaign would be sent, by the planner that runs; nothing is stored. */
  planOf(campaign: NewCampaign, query: QueryOf<'/v1/campaigns/{id}/plan'> = {}): Promise<Plan> {
    return act(this.rest, '/v1/campaigns/plan', campaign, {}, query);
  }

  /** When what is left of it will be sent. */
  plan(id: string, query: QueryOf<'/v1/campaigns/{id}/plan'> = {}): Promise<Plan> {
    return this.rest.call<Plan>({ method: 'GET', path: `${this.path(id)}/plan`, query });
  }

  /** Of a draft only, with its recipients. */
  delete(id: string, { ifVersion }: Pick<ActionOptions, 'ifVersion'> = {}): Promise<void> {
    return this.rest.call({ method: 'DELETE', path: this.path(id), ifVersion });
  }

  /** What happened to it, oldest first. */
  events(id: string): Pages<ItemOf<'/v1/campaigns/{id}/events'>> {
    return new Pages(this.rest, `${this.path(id)}/events`, {});
  }

  /** Why its copies have not been sent yet. */
  explain(id: string): Pages<ItemOf<'/v1/campaigns/{id}/explain'>> {
    return new Pages(this.rest, `${this.path(id)}/explain`, {});
  }

  /** The campaign as it is, again with every progress, until it is final. */
  watch(id: string, options?: WatchOptions): AsyncGenerator<Campaign, void> {
    const isFinal = ({ status }: Campaign) => FINAL.includes(status);
    return this.watcher.watch({ topic: `campaign:${id}`, read: () => this.get(id, options), isFinal }, options);
  }

  private path(id: string): string {
    return `/v1/campaigns/${encodeURIComponent(id)}`;
  }
}
