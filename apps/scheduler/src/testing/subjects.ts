import { parsePublicId, publicId } from '#domain';
import { newId } from '#storage';
import type { WorkDeliveries } from './work-deliveries.js';

/** What posts a wish; the test client does. */
interface Poster {
  post<Body>(path: string, body?: unknown): Promise<{ readonly body: Body }>;
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

const LATER = { scheduledAt: '2027-01-05T09:00:00Z' };

interface Created {
  readonly id: string;
  readonly deliveries: readonly { readonly id: string }[];
}

/** What calls can be about: something new for each call, in a state in which it does something. */
export class Subjects {
  private count = 0;

  constructor(
    private readonly api: Poster,
    private readonly work: WorkDeliveries,
  ) {}

  /** A value for the `{...}` of a path. */
  async of(method: string, path: string): Promise<string> {
    if (/^\/(v1\/)?emails\//.test(path)) return (await this.email()).id;
    if (path.startsWith('/v1/campaigns/')) return this.campaign(DRAFT_NEEDED.has(`${method} ${path}`));
    if (path.startsWith('/v1/limits/')) return this.limit(method !== 'PUT');
    if (path.startsWith('/v1/jobs/')) return this.job();
    if (path.startsWith('/v1/dead-letters/')) return this.deadLetter();
    if (path.startsWith('/v1/suppressions/')) return this.suppression();
    if (path.startsWith('/v1/keys/')) return this.key();
    if (path.startsWith('/v1/deliveries/')) return this.delivery(endsNeeded[`${method} ${path}`]);
    if (path.startsWith('/email/')) return 'somebody'; // a user's name: nothing is made for it
    throw new Error(`no subject for ${path}: make one in subjects.ts`);
  }

  private email(when: object = LATER): Promise<Created> {
    return this.made<Created>('/v1/emails', {
      to: [this.address(), this.address()],
      subject: 'Hi',
      text: 'It works',
      ...when,
    });
  }

  private async delivery(end: 'failed' | 'unknown' | undefined): Promise<string> {
    const email = await this.email(end ? {} : LATER);
    if (end) {
      const emailId = parsePublicId('email', email.id);
      const claimed = (await this.work.claim()).filter((one) => one.emailId === emailId);
      await this.work.arm(claimed);
      await this.work.settle(claimed, end);
    }
    return email.deliveries[0]?.id ?? '';
  }

  private async job(): Promise<string> {
    const email = { to: [this.address(), this.address()], subject: 'Hi', text: 'It works', ...LATER };
    return (await this.made<{ id: string }>('/v1/emails/batch', { emails: [email] })).id;
  }

  private async campaign(draft: boolean): Promise<string> {
    const wish = { recipients: [this.address(), 'nobody'], subject: 'Hi', text: 'It works', ...LATER, draft };
    return (await this.made<{ id: string }>('/v1/campaigns', wish)).id;
  }

  /** The scope of a campaign; as long as there is no limit, nobody has to say which one they saw. */
  private async limit(isThere: boolean): Promise<string> {
    const scope = `campaign:${await this.campaign(true)}`;
    if (isThere) await this.api.call('PUT', `/v1/limits/${scope}`, { rules: [{ max: 100, windowSeconds: 3_600 }] });
    return scope;
  }

  private async suppression(): Promise<string> {
    return (await this.made<{ id: string }>('/v1/suppressions', { address: this.address() })).id;
  }

  private async key(): Promise<string> {
    return (await this.made<{ id: string }>('/v1/keys', { name: 'spec', mode: 'test', scopes: ['ops'] })).id;
  }

  /** A record that nobody could read. */
  private async deadLetter(): Promise<string> {
    const id = newId();
    const text = `insert into dead_letters (tenant_id, id, mode, kind, reason, attempts, topic, partition, record_offset, record_ms, payload)
      select id, $1, 'test', 'record', 'unreadable', 1, 'email.delivery.bulk.v1', 3, $2, 1, '\\x00ff' from tenants where name = 'dev'`;
    this.count += 1;
    await this.work.db.query({ name: '', text, values: [id, this.count] });
    return publicId('dead_letter', id);
  }

  private address(): string {
    this.count += 1;
    return `somebody-${this.count}@example.com`;
  }

  private async made<Body extends { readonly id?: string }>(path: string, wish: object): Promise<Body> {
    const { body } = await this.api.post<Body>(path, wish);
    if (body.id === undefined) throw new Error(`nothing was made at ${path}: ${JSON.stringify(body)}`);
    return body;
  }
}

const endsNeeded: Readonly<Record<string, 'failed' | 'unknown'>> = {
  'POST /v1/deliveries/{id}/retry': 'failed',
  'POST /v1/deliveries/{id}/resolve': 'unknown',
};

const DRAFT_NEEDED = new Set([
  'POST /v1/campaigns/{id}/recipients',
  'POST /v1/campaigns/{id}/start',
  'DELETE /v1/campaigns/{id}',
]);
