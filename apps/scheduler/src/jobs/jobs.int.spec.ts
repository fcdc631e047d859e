import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { EmailView, JobView, ListView } from '#http';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';

/** A job is steered as one: cancelled, paused, resumed, and what failed in it is sent again. */

interface Batch extends JobView {
  readonly items: readonly { readonly id: string }[];
}

let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

async function aBatch(count: number, scheduledAt?: string): Promise<Batch> {
  const mail = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt };
  const { body } = await api.post<Batch>('/v1/emails/batch', { emails: Array.from({ length: count }, () => mail) });
  return body;
}
const LATER = '2027-01-05T09:00:00Z';
const act = (job: JobView, action: string, body?: object) => api.post<JobView>(`/v1/jobs/${job.id}/${action}`, body);
const read = async ({ id }: JobView) => (await api.get<JobView>(`/v1/jobs/${id}`)).body;
const statuses = async ({ items }: Batch) =>
  Promise.all(items.map(async ({ id }) => (await api.get<EmailView>(`/v1/emails/${id}`)).body.status));
const claimOf = async ({ items }: Batch) => {
  const ids = items.map(({ id }) => parsePublicId('email', id));
  return (await work.claim()).filter(({ emailId }) => ids.includes(emailId));
};
const eventTypes = async ({ id }: JobView): Promise<string[]> => {
  const text = 'select type from outbox where key = $1 order by id';
  const { rows } = await work.db.query<{ type: string }>({ name: '', text, values: [id] });
  return rows.map(({ type }) => type);
};

/** Events as the sender writes them when it settles: the statements that the spec uses tell nothing. */
async function tellOf(copies: readonly { readonly id: string }[]): Promise<void> {
  const text = `insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
    select gen_random_uuid(), tenant_id, mode, 'email.status.v1', id::text, 'delivery.sent', 1, 'spec', 'system', email_id, id, version, '{}', clock_now()
    from deliveries where id = any ($1::uuid[])`;
  await work.db.query({ name: 'tell-of', text, values: [copies.map(({ id }) => id)] });
}

describe('a batch', () => {
  it('is cancelled with all that is not armed, and repeated it is the same', async () => {
    const job = await aBatch(3, LATER);
    const cancelled = await act(job, 'cancel');
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', counts: { cancelled: 3 }, version: 2 });
    expect(await statuses(job)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect((await act(job, 'cancel')).body).toMatchObject({ status: 'cancelled', version: 2 });
    await eventually(async () => expect((await eventTypes(job)).at(-1)).toBe('job.completed'), 5_000);
  });

  it('that is cancelled while a copy is in flight ends when that does', async () => {
    const job = await aBatch(2);
    const [first] = await claimOf(job);
    if (!first) throw new Error('nothing was claimed');
    await work.arm([first]);
    expect((await act(job, 'cancel')).body).toMatchObject({ status: 'running', counts: { sending: 1, cancelled: 1 } });
    await work.settle([first], 'sent');
    expect(await read(job)).toMatchObject({ status: 'cancelled', counts: { sent: 1, cancelled: 1 }, progress: 1 });
  });

  it('is paused as a whole, and goes on when it is resumed', async () => {
    const job = await aBatch(2);
    expect((await act(job, 'pause')).body).toMatchObject({ status: 'paused' });
    expect(await claimOf(job)).toEqual([]);
    expect((await act(job, 'pause')).body).toMatchObject({ status: 'paused' });
    expect((await act(job, 'resume')).body).toMatchObject({ status: 'scheduled' });
    expect(await claimOf(job)).toHaveLength(2);
  });

  it('that is finished is not paused or cancelled any more', async () => {
    const job = await aBatch(1);
    const copies = await claimOf(job);
    await work.arm(copies);
    await work.settle(copies, 'sent');
    for (const action of ['cancel', 'pause', 'resume']) {
      expect(problemOf(await act(job, action))).toMatchObject({ status: 409, code: 'state_conflict' });
    }
  });

  it('sends again only what is asked for, and is the same job, running again', async () => {
    const job = await aBatch(3);
    const copies = await claimOf(job);
    await work.arm(copies);
    await work.settle(copies.slice(0, 1), 'sent');
    await work.settle(copies.slice(1, 2), 'failed');
    await work.settle(copies.slice(2), 'unknown');
    await tellOf(copies);
    await eventually(async () => expect(await eventTypes(job)).toContain('job.completed'), 5_000);
    const again = await act(job, 'retry', { statuses: ['failed'] });
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ id: job.id, status: 'running', counts: { sent: 1, scheduled: 1, unknown: 1 } });
    const second = await claimOf(job);
    expect(second.map(({ id }) => id)).toEqual(copies.slice(1, 2).map(({ id }) => id));
    await work.arm(second);
    await work.settle(second, 'sent');
    await tellOf(second);
    expect(await read(job)).toMatchObject({ status: 'completed_with_errors', counts: { sent: 2, unknown: 1 } });
    const ends = async () => (await eventTypes(job)).filter((type) => type === 'job.completed').length;
    await eventually(async () => expect(await ends()).toBe(2), 5_000);
  });

  it.each([
    [{}, '/statuses required'],
    [{ statuses: [] }, '/statuses too_short'],
    [{ statuses: ['sent'] }, '/statuses/0 unknown_value'],
  ])('does not retry %j', async (body, error) => {
    const job = await aBatch(1, LATER);
    expect(problemOf(await act(job, 'retry', body))).toMatchObject({ status: 422, errors: [error] });
  });
});

describe('a job over rows', () => {
  const cancelAll = (dryRun = false) =>
    api.post<JobView>('/v1/emails/bulk', { action: 'cancel', filter: { ownerId: 'nobody' }, dryRun });

  it('has no copies, so nothing of it is sent again', async () => {
    const { body: job } = await cancelAll();
    expect(problemOf(await act(job, 'retry', { statuses: ['failed'] })).code).toBe('state_conflict');
    const copies = await api.get<ListView<unknown>>(`/v1/jobs/${job.id}/deliveries`);
    expect(copies.body.data).toEqual([]);
  });

  it('that is finished is not paused any more', async () => {
    const { body: job } = await cancelAll();
    await eventually(async () => expect((await read(job)).finishedAt).not.toBeNull(), 5_000);
    expect(problemOf(await act(job, 'pause')).code).toBe('state_conflict');
  });
});

it('steering an unknown job is 404', async () => {
  const job = { id: 'job_01m8rf20g6ekd9jbb81k6sxq3w' } as JobView;
  for (const action of ['cancel', 'pause', 'resume']) {
    expect(problemOf(await act(job, action))).toMatchObject({ status: 404, code: 'not_found' });
  }
});
