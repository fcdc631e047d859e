import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { JobView, ListView } from '#http';
import { Api, eventually, freePorts, testDatabase, type TestDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { strangers } from '../testing/strangers.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import { LOAD_TEST_EXAMPLES } from './examples.js';

/** Load tests: accepted at once, made in chunks, steered and retried as a job. */

let database: TestDatabase;
let port: number;
let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;

beforeAll(async () => {
  const [made, [free = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  [database, port] = [made, free];
  scheduler = await runScheduler(database.url, port);
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

const create = (body: object, headers: Record<string, string> = {}) =>
  api.call<JobView>('POST', '/v1/load-tests', body, headers);
const read = async ({ id }: JobView) => (await api.get<JobView>(`/v1/jobs/${id}`)).body;
const act = (job: JobView, action: string, body?: object) => api.post<JobView>(`/v1/jobs/${job.id}/${action}`, body);
const rowsOf = async <Row extends Record<string, unknown>>(text: string, values: unknown[]): Promise<Row[]> =>
  (await work.db.query<Row>({ name: '', text, values })).rows;
const uuidOf = ({ id }: JobView) => parsePublicId('job', id);
const made = async (job: JobView): Promise<JobView> => {
  await eventually(async () => expect((await read(job)).expanding).toBe(false), 20_000);
  return read(job);
};
/** As poller and sender move them, at once. */
const move = async (job: JobView, from: string, to: string, count: number) =>
  rowsOf(
    `update deliveries set status = $3, reason = case when $3 = 'failed' then 'bad_recipient' end, finished_at = case when $3 in ('sent', 'failed') then clock_now() end
     where id in (select id from deliveries where email_id = $1 and status = $2 order by id limit $4)`,
    [uuidOf(job), from, to, count],
  );
/** Every copy has its end: the first ones sent, the rest failed. */
async function finish(job: JobView, sent: number, failed: number): Promise<JobView> {
  await move(job, 'scheduled', 'queued', sent + failed);
  await move(job, 'queued', 'sending', sent);
  await move(job, 'sending', 'sent', sent);
  await move(job, 'queued', 'failed', failed);
  await rowsOf(`delete from due where line = $1`, [uuidOf(job)]);
  await rowsOf(
    `insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, version, data, at)
     select gen_random_uuid(), tenant_id, mode, 'email.status.v1', id::text, 'delivery.sent', 1, 'spec', 'system', id, 1, '{}', clock_now()
     from emails where id = $1`,
    [uuidOf(job)],
  );
  await eventually(async () => expect((await read(job)).finishedAt).not.toBeNull(), 20_000);
  return read(job);
}

describe('a load test', () => {
  it('is accepted at once, and its copies follow', async () => {
    const { status, headers, body } = await create({ count: 4_500, ownerId: '1' });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/jobs/${body.id}`);
    expect(body).toMatchObject({ kind: 'load_test', status: 'scheduled', ownerId: '1', expected: 4_500, progress: 0 });
    expect(await made(body)).toMatchObject({ total: 4_500, counts: { total: 4_500, scheduled: 4_500 } });
    const page = await api.get<ListView<{ to: string }>>(`/v1/jobs/${body.id}/deliveries?limit=100`);
    expect(page.body.data).toHaveLength(100);
    expect(page.body.hasMore).toBe(true);
  });

  it('of nobody is complete', async () => {
    const { body } = await create({ count: 0 });
    expect(body).toMatchObject({ status: 'completed', total: 0, progress: 1, finishedAt: expect.any(String) });
    await eventually(async () => {
      const told = await rowsOf<{ type: string }>('select type from outbox where key = $1 order by id', [body.id]);
      expect(told.map(({ type }) => type)).toEqual(['job.progress', 'job.completed']);
    }, 10_000);
  });

  it('is made again by the same key, once', async () => {
    const key = { 'idempotency-key': 'twice' };
    const [first, second] = [await create({ count: 10 }, key), await create({ count: 10 }, key)];
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(problemOf(await create({ count: 11 }, key)).code).toBe('idempotency_key_reused');
  });

  it('goes at its rate as a campaign goes at its pace, under a ceiling at the gate', async () => {
    const { body } = await create({ count: 10, ratePerSecond: 5 });
    const pacing = await rowsOf('select hourly_limit, spread from campaigns where email_id = $1', [uuidOf(body)]);
    expect(pacing).toEqual([{ hourly_limit: 18_000, spread: 'even' }]);
    const limits = await rowsOf<{ rules: object[] }>('select rules from limits where scope = $1', [
      `campaign:${uuidOf(body)}`,
    ]);
    expect(limits).toEqual([
      {
        rules: [
          expect.objectContaining({ max: 18_000, windowSeconds: 3_600 }),
          expect.objectContaining({ max: 53, windowSeconds: 10, mode: 'rolling' }),
        ],
      },
    ]);
  });

  it('says how many it takes', async () => {
    const { body } = await create({ count: 'many', ratePerSecond: 0 });
    expect(body).toMatchObject({
      errors: [
        { pointer: '/count', detail: 'must be a whole number from 0 to 1,000,000' },
        { pointer: '/ratePerSecond', detail: 'must be a whole number from 1 to 100,000' },
      ],
    });
  });

  it.each(Object.entries(LOAD_TEST_EXAMPLES))('the example %s is understood', async (_, { value }) => {
    expect((await create({ ...value, count: 1 })).status).toBe(202);
  });

  it.each<[object, string]>([
    [{}, '/count required'],
    [{ count: -1 }, '/count out_of_range'],
    [{ count: 1_000_001 }, '/count out_of_range'],
    [{ count: 1.5 }, '/count bad_type'],
    [{ count: 'many' }, '/count bad_type'],
    [{ count: 1, ratePerSecond: 0 }, '/ratePerSecond out_of_range'],
    [{ count: 1, failures: { temporary: 1.1 } }, '/failures/temporary out_of_range'],
    [{ count: 1, failures: { temporary: 0.6, permanent: 0.5 } }, '/failures out_of_range'],
    [{ count: 1, seed: -1 }, '/seed out_of_range'],
    [{ count: 1, to: 'ada@example.com' }, '/to unknown_field'],
    [{ count: 1, subject: 'a\r\nb' }, '/subject injection'],
  ])('is not %j', async (body, error) => {
    expect(problemOf(await create(body))).toMatchObject({ status: 422, errors: [error] });
  });

  it('never goes with a live key', async () => {
    for (const headers of await strangers(database.url)) {
      const stranger = new Api(scheduler.url, headers);
      const answer = await stranger.post('/v1/load-tests', { count: 1 });
      const { mode } = (await stranger.get<{ mode: string }>('/v1/me')).body;
      if (mode === 'live') expect(problemOf(answer)).toMatchObject({ status: 403, code: 'test_key_required' });
      else expect(answer.status).toBe(202);
    }
  });
});

describe('the job of a load test', () => {
  it('is paused, goes on and is cancelled as one', async () => {
    const job = await made((await create({ count: 20 })).body);
    expect((await act(job, 'pause')).body).toMatchObject({ status: 'paused', version: 2 });
    expect((await act(job, 'pause')).body).toMatchObject({ status: 'paused', version: 2 });
    expect((await act(job, 'resume')).body.status).not.toBe('paused');
    expect((await act(job, 'cancel')).status).toBe(200);
  });

  it('ends with errors when copies failed, and tells so once', async () => {
    const job = await made((await create({ count: 30 })).body);
    const ended = await finish(job, 20, 10);
    expect(ended).toMatchObject({
      status: 'completed_with_errors',
      counts: { total: 30, sent: 20, failed: 10 },
      topFailures: [{ reason: 'bad_recipient', code: null, count: 10 }],
    });
    const email = await rowsOf<{ status: string }>('select status from emails where id = $1', [uuidOf(job)]);
    expect(email).toEqual([{ status: 'completed_with_errors' }]);
    const completed = await rowsOf<{ data: JobView }>(
      `select data from outbox where key = $1 and type = 'job.completed'`,
      [job.id],
    );
    expect(completed.map(({ data }) => data.finishedAt)).toEqual([ended.finishedAt]);
  });

  it('sends again what failed, and only that, chunk by chunk', async () => {
    const job = await made((await create({ count: 1_500 })).body);
    await finish(job, 300, 1_200);
    const again = await act(job, 'retry', { statuses: ['failed'] });
    expect(again).toMatchObject({ status: 202, body: { id: job.id, status: 'running', finishedAt: null } });
    await eventually(
      async () => expect((await read(job)).counts).toMatchObject({ scheduled: 1_200, sent: 300 }),
      20_000,
    );
    const epochs = await rowsOf<{ status: string; epoch: number; count: number }>(
      'select status, epoch, count(*)::int as count from deliveries where email_id = $1 group by 1, 2 order by 1',
      [uuidOf(job)],
    );
    expect(epochs.map(({ status, count }) => [status, count])).toEqual([
      ['scheduled', 1_200],
      ['sent', 300],
    ]);
    const due = await rowsOf<{ count: number }>('select count(*)::int as count from due where line = $1', [
      uuidOf(job),
    ]);
    expect(due).toEqual([{ count: 1_200 }]);
    expect(await finish(job, 1_200, 0)).toMatchObject({ status: 'completed', counts: { sent: 1_500 } });
  });

  it('that was cancelled is not sent again', async () => {
    const job = await made((await create({ count: 5 })).body);
    await act(job, 'cancel');
    expect(problemOf(await act(job, 'retry', { statuses: ['failed'] }))).toMatchObject({ code: 'state_conflict' });
  });
});

it('goes on by itself after a restart', async () => {
  const { body } = await create({ count: 30_000 });
  await eventually(async () => expect((await read(body)).total).toBeGreaterThan(0), 20_000);
  await scheduler.stop();
  const left = await rowsOf<{ expanding: boolean }>('select expanding from campaigns where email_id = $1', [
    uuidOf(body),
  ]);
  scheduler = await runScheduler(database.url, port);
  expect(left).toEqual([{ expanding: true }]);
  expect(await made(body)).toMatchObject({ total: 30_000, expected: 30_000 });
}, 60_000);
