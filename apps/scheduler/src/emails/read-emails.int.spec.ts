import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePublicId } from '#domain';
import type { EmailView, ListView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';

/** What is accepted is what is shown: create, get, list, timelines. */

type Page = ListView<EmailView>;
const WISH = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt: '2027-01-05T09:00:00Z' };

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
});
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

const create = (wish: object = {}) => api.post<EmailView>('/v1/emails', { ...WISH, ...wish });
const list = async (query: string) => (await api.get<Page>(`/v1/emails?${query}`)).body;
const ids = (page: Page) => page.data.map(({ id }) => id);

describe('create', () => {
  it('answers 202 with Location, ETag and the email that GET shows', async () => {
    const created = await create({ from: 'Bob <bob@acme.test>', html: '<p>Hi</p>', ownerId: '7' });
    expect(created.status).toBe(202);
    expect(created.headers.get('location')).toBe(`/v1/emails/${created.body.id}`);
    expect(created.headers.get('etag')).toBe('"1"');
    expect(created.body).toMatchObject({
      object: 'email',
      kind: 'single',
      class: 'transactional',
      mode: 'test',
      status: 'scheduled',
      version: 1,
      from: 'Bob <bob@acme.test>',
      to: ['ada@example.com'],
      subject: 'Hi',
      text: 'It works',
      html: '<p>Hi</p>',
      scheduledAt: '2027-01-05T09:00:00.000Z',
      ownerId: '7',
      visibility: 'shared',
      counts: { total: 1, scheduled: 1 },
    });
    expect(created.body.messageId).toBe(`<${created.body.id}@acme.test>`);
    const got = await api.get<EmailView>(`/v1/emails/${created.body.id}`);
    expect(got).toMatchObject({ status: 200, body: created.body });
    expect(got.headers.get('etag')).toBe('"1"');
  });

  it('without a time is due now, by the clock of the database', async () => {
    const { body } = await create({ scheduledAt: undefined });
    expect(body.scheduledAt).toBe(body.createdAt);
    expect((await work.claim()).map(({ emailId }) => emailId)).toHaveLength(1);
  });

  it('a little in the past is now', async () => {
    const { body } = await create({ scheduledAt: new Date(Date.now() - 50_000).toISOString() });
    expect(body.scheduledAt).toBe(body.createdAt);
  });

  it('gives everybody in to, cc and bcc a copy, and doubles one', async () => {
    const { body } = await create({
      to: ['ada@example.com', 'Ada L <ADA@example.com>', 'bob@example.com'],
      cc: 'bob@EXAMPLE.com',
      bcc: ['cy@example.com'],
    });
    expect(body.deliveries.map(({ to }) => to).toSorted()).toEqual([
      'ada@example.com',
      'bob@example.com',
      'cy@example.com',
    ]);
    expect(body.counts.total).toBe(3);
    const copies = await api.get<ListView<{ messageId: string }>>(`/v1/emails/${body.id}/deliveries`);
    expect(new Set(copies.body.data.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('with private copies gives each a Message-ID of its own', async () => {
    const { body } = await create({ to: ['ada@example.com', 'bob@example.com'], visibility: 'individual' });
    const copies = await api.get<ListView<{ messageId: string }>>(`/v1/emails/${body.id}/deliveries`);
    expect(new Set(copies.body.data.map(({ messageId }) => messageId)).size).toBe(2);
    expect(body.messageId).toBeNull();
  });

  it('as a dry run answers 200 and stores nothing', async () => {
    const before = await list('limit=1');
    const answer = await api.post<EmailView>('/v1/emails?dryRun=true', WISH);
    expect(answer).toMatchObject({ status: 200, body: { subject: 'Hi', status: 'scheduled' } });
    expect((await api.get(`/v1/emails/${answer.body.id}`)).status).toBe(404);
    expect(ids(await list('limit=1'))).toEqual(ids(before));
  });

  it('300 times at once makes 300 emails', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => create({ ownerId: 'crowd', subject: `${index}` })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const made = new Map(answers.map(({ body }) => [body.id, body.subject]));
    const read = new Map<string, string>();
    for (let after = ''; ;) {
      const page = await list(`ownerId=crowd&limit=100${after}`);
      for (const { id, subject } of page.data) read.set(id, subject);
      if (!page.hasMore) break;
      after = `&after=${page.nextCursor}`;
    }
    expect(read).toEqual(made);
  });
});

describe('any body', () => {
  const junk = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.jsonValue(),
    fc.constantFrom<unknown>(
      '\0',
      '\r\n',
      '\ud800',
      '',
      null,
      [],
      {},
      -1,
      1e308,
      'ada@example.com',
      ['a@example.com', 'A@example.com'],
      '2027-01-05T09:00:00Z',
      true,
    ),
  );
  const valid: Record<string, unknown> = {
    ...WISH,
    cc: ['bob@example.com'],
    html: '<p>',
    class: 'bulk',
    retryForSeconds: 5,
    ownerId: '1',
    allowPast: true,
  };
  const fields = [...Object.keys(valid), 'bcc', 'from', 'replyTo', 'onUnknown', 'visibility', '__proto__', 'x'];
  const mutation = fc.record({ field: fc.constantFrom(...fields), value: junk, gone: fc.boolean() });
  const bodies = fc.oneof(
    { weight: 9, arbitrary: fc.array(mutation, { maxLength: 3 }).map((mutations) => mutated(mutations)) },
    { weight: 1, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  );
  function mutated(mutations: readonly { field: string; value: unknown; gone: boolean }[]): string {
    const body = new Map(Object.entries(valid));
    for (const { field, value, gone } of mutations)
      if (gone) body.delete(field);
      else body.set(field, value);
    return `{${[...body].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  }

  it('is accepted and reads back equal, or is refused with a 4xx', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const answer = await api.raw<EmailView>('POST', '/v1/emails', {
          body,
          headers: { 'content-type': 'application/json' },
        });
        expect([202, 400, 422]).toContain(answer.status);
        if (answer.status !== 202) return;
        expect((await api.get(`/v1/emails/${answer.body.id}`)).body).toEqual(answer.body);
        const sent = JSON.parse(body) as Record<string, unknown>;
        for (const field of ['subject', 'text', 'html', 'ownerId'] as const)
          expect(answer.body[field]).toBe(sent[field] ?? null);
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});

describe('a list', () => {
  beforeAll(async () => {
    for (let index = 0; index < 7; index += 1) {
      await create({
        ownerId: 'list',
        class: index % 2 ? 'bulk' : 'otp',
        scheduledAt: `2027-02-0${index + 1}T00:00:00Z`,
      });
    }
  });

  it('is newest first, without bodies, and links to the next page', async () => {
    const answer = await api.get<Page>('/v1/emails?ownerId=list&limit=3');
    const times = answer.body.data.map(({ scheduledAt }) => scheduledAt.slice(0, 10));
    expect(times).toEqual(['2027-02-07', '2027-02-06', '2027-02-05']);
    expect(answer.body.data[0]).not.toHaveProperty('text');
    expect(answer.body.data[0]).not.toHaveProperty('html');
    expect(answer.headers.get('link')).toBe(
      `</v1/emails?ownerId=list&limit=3&after=${answer.body.nextCursor}>; rel="next"`,
    );
  });

  it.each([
    ['class=bulk', 3],
    ['class=bulk&class=otp', 7],
    ['status=scheduled', 7],
    ['status=sent&status=failed', 0],
    ['scheduledFrom=2027-02-03T00:00:00Z&scheduledTo=2027-02-05T00:00:00Z', 2],
    ['ownerId=nobody', 0],
  ])('filtered by %s has %i', async (query, count) => {
    const owner = query.includes('ownerId') ? '' : 'ownerId=list&';
    expect((await list(`${owner}${query}`)).data).toHaveLength(count);
  });

  it('is walked forth and back without gap or repeat while emails arrive', async () => {
    const all = ids(await list('ownerId=list'));
    const forth: string[] = [];
    let page = await list('ownerId=list&limit=2');
    for (;;) {
      forth.push(...ids(page));
      await create({ ownerId: 'list', subject: 'meanwhile' });
      if (!page.hasMore) break;
      page = await list(`ownerId=list&limit=2&after=${page.nextCursor}`);
    }
    expect(forth).toEqual(all);
    const back = ids(page);
    while (page.prevCursor !== null && !back.includes(all[0] ?? '')) {
      page = await list(`ownerId=list&limit=2&before=${page.prevCursor}`);
      back.unshift(...ids(page));
    }
    expect(back.slice(-all.length)).toEqual(all);
  });
});

describe('a timeline', () => {
  interface Event {
    readonly type: string;
    readonly time: string;
    readonly id: string;
    readonly deliveryId: string | null;
  }

  it('tells in order what happened, page by page, for the email and for one copy', async () => {
    const { body: email } = await create({ to: ['ada@example.com', 'bob@example.com'] });
    await api.call('PATCH', `/v1/emails/${email.id}`, { scheduledAt: null });
    const mine = (await work.claim()).filter(({ emailId }) => emailId === parsePublicId('email', email.id));
    await work.arm(mine);
    await work.settle(mine, 'sent');

    const events: Event[] = [];
    for (let after = ''; ;) {
      const { body: page } = await api.get<ListView<Event>>(`/v1/emails/${email.id}/events?limit=2${after}`);
      events.push(...page.data);
      if (!page.hasMore) break;
      after = `&after=${page.nextCursor}`;
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.map(({ time }) => time)).toEqual(events.map(({ time }) => time).toSorted());
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('email.created');
    expect(types.filter((type) => type === 'delivery.armed')).toHaveLength(2);
    const [copy] = email.deliveries;
    const { body: own } = await api.get<ListView<Event>>(`/v1/deliveries/${copy?.id ?? ''}/events`);
    expect(own.data.map(({ type }) => type)).toEqual(['delivery.scheduled', 'delivery.queued', 'delivery.armed']);
    expect(own.data.every(({ deliveryId }) => deliveryId === copy?.id)).toBe(true);
  });
});
