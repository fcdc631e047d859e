import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { EmailView } from '#http';
import { Api, type ApiAnswer, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { strangers } from '../testing/strangers.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import type { EventListView } from './list-events.js';

/** What was told is read in one order, without holes and without repeats. */

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;
let others: readonly Api[];

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
  others = (await strangers(database.url)).map((headers) => new Api(scheduler.url, headers));
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

const create = async (wish: object = {}) =>
  (
    await api.post<EmailView>('/v1/emails', {
      to: 'ada@example.com',
      subject: 'Hi',
      text: 'x',
      scheduledAt: '2027-01-05T09:00:00Z',
      ...wish,
    })
  ).body;
const list = async (query: string, of: Api = api) => (await of.get<EventListView>(`/v1/events?${query}`)).body;
const types = ({ data }: EventListView) => data.map(({ type }) => type);
/** Events appear a moment after they were told. */
const told = (query: string, expected: readonly string[]) =>
  eventually(async () => expect(types(await list(query))).toEqual(expected), 5_000);

describe('events', () => {
  it('of an email, of one of its copies and of a type are shown as they were told', async () => {
    const email = await create({ to: ['a@example.com', 'b@example.com'] });
    await api.post(`/v1/deliveries/${email.deliveries[0]?.id}/cancel`);
    await api.post(`/v1/emails/${email.id}/cancel`);
    await told(`emailId=${email.id}`, ['email.created', 'delivery.cancelled', 'delivery.cancelled', 'email.cancelled']);
    await told(`emailId=${email.id}&type=email.created&type=email.cancelled`, ['email.created', 'email.cancelled']);
    const [event] = (await list(`deliveryId=${email.deliveries[0]?.id}`)).data;
    expect(event).toEqual({
      object: 'event',
      id: expect.stringMatching(/^evt_/),
      type: 'delivery.cancelled',
      time: expect.stringMatching(/Z$/),
      emailId: email.id,
      deliveryId: email.deliveries[0]?.id,
      jobId: null,
      attempt: 0,
      actor: 'system',
      data: expect.objectContaining({ deliveryId: email.deliveries[0]?.id, status: 'cancelled' }),
    });
    const other = await create();
    expect((await list(`emailId=${other.id}&deliveryId=${email.deliveries[0]?.id}`)).data).toEqual([]);
  });

  it('of a job are its own and those of its emails', async () => {
    const mail = { to: 'ada@example.com', subject: 'Hi', text: 'x', scheduledAt: '2027-01-05T09:00:00Z' };
    const { body } = await api.post<{ id: string }>('/v1/emails/batch', { emails: [mail, mail] });
    await eventually(async () => {
      const page = await list(`jobId=${body.id}`);
      expect(types(page)).toEqual(expect.arrayContaining(['email.created', 'email.created', 'job.progress']));
      expect(page.data.find(({ type }) => type === 'job.progress')).toMatchObject({ jobId: body.id, emailId: null });
    }, 5_000);
  });

  it('are read page by page, and from where the last reading ended', async () => {
    const emails = [];
    const { cursor: before } = await list('limit=100&type=email.created');
    for (let i = 0; i < 5; i += 1) emails.push((await create()).id);
    await eventually(
      async () => expect((await list(`type=email.created&since=${before}`)).data).toHaveLength(5),
      5_000,
    );
    const found: (string | null)[] = [];
    let path: string | undefined = `/v1/events?type=email.created&limit=2&since=${before}`;
    let cursor: string | null = null;
    while (path) {
      const page: ApiAnswer<EventListView> = await api.get<EventListView>(path);
      found.push(...page.body.data.map(({ emailId }) => emailId));
      ({ cursor } = page.body);
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(found).toEqual(emails);
    const rest = await list(`type=email.created&since=${cursor}`);
    expect(rest).toMatchObject({ data: [], hasMore: false, nextCursor: null, cursor });
  });

  it('that are told while an older transaction is open wait for it, so that a reader passes over none', async () => {
    const email = await create();
    await told(`emailId=${email.id}`, ['email.created']);
    const { cursor } = await list(`emailId=${email.id}`);
    await work.db.transaction(async (tx) => {
      await tx.query({ name: '', text: 'select pg_current_xact_id()', values: [] });
      await api.post(`/v1/emails/${email.id}/pause`);
      expect((await list(`emailId=${email.id}&since=${cursor}`)).data).toEqual([]);
      await tx.query({
        name: '',
        text: `insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, version, data, at)
          select gen_random_uuid(), tenant_id, mode, topic, key, 'email.odd', 1, source, actor, email_id, 9, '{}', now()
          from outbox where email_id = $1 limit 1`,
        values: [parsePublicId('email', email.id)],
      });
    });
    await told(`emailId=${email.id}&since=${cursor}`, ['email.odd', 'email.paused']);
  });

  it('of a rare type are looked for among so many at a time', async () => {
    const email = await create();
    await told(`emailId=${email.id}`, ['email.created']);
    const { cursor } = await list('limit=100&type=email.rare');
    const tell = (type: string, count: number) =>
      work.db.query({
        name: '',
        text: `insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, version, data, at)
          select gen_random_uuid(), tenant_id, mode, topic, key, $2, 1, source, actor, email_id, 100 + n, '{}', now()
          from outbox cross join generate_series(1, $3::int) n where email_id = $1 and version = 1`,
        values: [parsePublicId('email', email.id), type, count],
      });
    await tell('email.odd', 10_200);
    await tell('email.rare', 2);
    const since = cursor === null ? '' : `&since=${cursor}`;
    const page = await list(`type=email.rare${since}`);
    expect(page).toMatchObject({ data: [], hasMore: true, nextCursor: page.cursor });
    await eventually(async () => {
      const next = await list(`type=email.rare&since=${page.cursor}`);
      expect(types(next)).toEqual(['email.rare', 'email.rare']);
      expect(next).toMatchObject({ hasMore: false, nextCursor: null });
    }, 5_000);
  });

  it('of others are not shown', async () => {
    const email = await create();
    await told(`emailId=${email.id}`, ['email.created']);
    for (const other of others) {
      expect((await list(`emailId=${email.id}`, other)).data).toEqual([]);
      expect((await list('', other)).data).toEqual([]);
    }
  });

  it.each([
    ['colour=red', '?colour unknown_field'],
    ['emailId=dl_1', '?emailId bad_format'],
    ['limit=101', '?limit out_of_range'],
    ['since=a&after=b', '?after conflict'],
    ['before=a', '?before unknown_field'],
  ])('refuse %s', async (query, error) => {
    expect(problemOf(await api.get(`/v1/events?${query}`)).errors).toEqual([error]);
  });

  it('refuse a cursor of another filter, and one that is none', async () => {
    const { cursor } = await list('type=email.created');
    for (const query of [`type=email.paused&since=${cursor}`, 'since=rubbish']) {
      expect(problemOf(await api.get(`/v1/events?${query}`)).code).toBe('bad_cursor');
    }
  });
});
