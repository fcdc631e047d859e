import { fromEnvironment } from './environment.js';
import type { Update } from './realtime/live-event.js';
import type { Shown } from './realtime/shown.js';
import { socketSource } from './realtime/socket-source.js';
import { streamSource } from './realtime/stream-source.js';
import type { ListenOptions } from './realtime/watch-topic.js';
import { Watcher } from './realtime/watcher.js';
import { Campaigns } from './resources/campaigns.js';
import { DeadLetters } from './resources/dead-letters.js';
import { Deliveries } from './resources/deliveries.js';
import { Emails } from './resources/emails.js';
import { Jobs } from './resources/jobs.js';
import { Keys } from './resources/keys.js';
import { Limits } from './resources/limits.js';
import { LoadTests } from './resources/load-tests.js';
import { Suppressions } from './resources/suppressions.js';
import type { AnswerOf, BodyOf, ItemOf, QueryOf } from './rest/operation.js';
import { Pages } from './rest/pages.js';
import { Rest } from './rest/rest.js';

export interface MailtideOptions {
  /** `mt_live_…` or `mt_test_…`; else MAILTIDE_KEY; a Mailtide on this machine in `dev` needs none. */
  readonly key?: string | undefined;
  /** Of the API; else MAILTIDE_URL, else http://localhost:3000. */
  readonly url?: string;
  /** Of the gateway; else MAILTIDE_GATEWAY_URL; else the port beside 3000, or the API's own origin. */
  readonly gatewayUrl?: string;
  /** Listen with tickets that are good once instead of the key: for pages in browsers, where a key must not go into a URL. */
  readonly tickets?: boolean;
  /** How often a call is made at most that is safe to repeat: 3. */
  readonly tries?: number;
  /** 30,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** How long a stream may take to begin: there are other ways. */
const STREAM_MS = 10_000;

/** Mailtide, as a program uses it: `const mail = new Mailtide()`. Every call throws a MailtideError when it did not work. */
export class Mailtide {
  readonly url: string;
  readonly gatewayUrl: string;
  readonly emails: Emails;
  readonly deliveries: Deliveries;
  readonly campaigns: Campaigns;
  readonly jobs: Jobs;
  readonly loadTests: LoadTests;
  readonly deadLetters: DeadLetters;
  readonly suppressions: Suppressions;
  readonly limits: Limits;
  readonly keys: Keys;
  private readonly rest: Rest;
  private readonly watcher: Watcher;

  constructor(options: MailtideOptions = {}) {
    const key = options.key ?? fromEnvironment('MAILTIDE_KEY');
    this.url = withoutSlash(options.url ?? fromEnvironment('MAILTIDE_URL') ?? 'http://localhost:3000');
    this.gatewayUrl = withoutSlash(
      options.gatewayUrl ?? fromEnvironment('MAILTIDE_GATEWAY_URL') ?? gatewayBeside(this.url),
    );
    const { tries = 3, timeoutMs = 30_000, tickets = false } = options;
    const how = { key, tries, timeoutMs, fetch: options.fetch ?? ((input, init) => fetch(input, init)) };
    this.rest = new Rest({ ...how, url: this.url });
    const gateway = new Rest({ ...how, url: this.gatewayUrl, timeoutMs: STREAM_MS });
    const show: Shown = async (topic, signal) => (tickets ? this.ticketFor(topic, signal) : { key });
    this.watcher = new Watcher([socketSource(this.gatewayUrl, show), streamSource(gateway, this.gatewayUrl, show)]);
    this.emails = new Emails(this.rest, this.watcher);
    this.deliveries = new Deliveries(this.rest, this.watcher);
    this.campaigns = new Campaigns(this.rest, this.watcher);
    this.jobs = new Jobs(this.rest, this.watcher);
    this.loadTests = new LoadTests(this.rest);
    this.deadLetters = new DeadLetters(this.rest);
    this.suppressions = new Suppressions(this.rest);
    this.limits = new Limits(this.rest);
    this.keys = new Keys(this.rest);
  }

  /** Who the key stands for. */
  me(): Promise<AnswerOf<'/v1/me', 'get'>> {
    return this.rest.call({ method: 'GET', path: '/v1/me' });
  }

  settings(): Promise<AnswerOf<'/v1/settings', 'get'>> {
    return this.rest.call({ method: 'GET', path: '/v1/settings' });
  }

  updateSettings(
    patch: BodyOf<'/v1/settings', 'patch'>,
    ifVersion?: number,
  ): Promise<AnswerOf<'/v1/settings', 'patch'>> {
    return this.rest.call({ method: 'PATCH', path: '/v1/settings', body: patch, ifVersion });
  }

  /** What waits, and for how long. */
  queue(): Promise<AnswerOf<'/v1/stats/queue', 'get'>> {
    return this.rest.call({ method: 'GET', path: '/v1/stats/queue' });
  }

  /** Everything that happened, oldest first. */
  events(query: QueryOf<'/v1/events'> = {}): Pages<ItemOf<'/v1/events'>> {
    return new Pages(this.rest, '/v1/events', query);
  }

  /** What happens on a topic (docs/realtime.md), for as long as it is read: `for await (const update of mail.listen('tenant'))`. */
  listen(topic: string, options?: ListenOptions): AsyncGenerator<Update, void> {
    return this.watcher.updates(topic, options);
  }

  private async ticketFor(topic: string, signal: AbortSignal): Promise<{ readonly ticket: string }> {
    const call = { method: 'POST', path: '/v1/realtime/tickets', body: { topics: [topic] }, signal } as const;
    const { ticket } = await this.rest.call<AnswerOf<'/v1/realtime/tickets', 'post'>>(call);
    return { ticket };
  }
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** One origin may serve both; on this machine the gateway has the next port. */
function gatewayBeside(url: string): string {
  const gateway = new URL(url);
  if (gateway.port === '3000') gateway.port = '3001';
  return gateway.origin;
}
