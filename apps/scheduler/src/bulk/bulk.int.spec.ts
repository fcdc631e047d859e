import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailView, JobView, ListView } from '#http';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import { BulkRequest } from './bulk.schema.js';
import { BULK_EXAMPLES } from './examples.js';

/** One action on many emails: seen beforehand, then done by a job that counts truthfully. */

const LATER = '2027-01-05T09:00:00Z';
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

/** Stores emails of one owner, each with one copy. */
async function store(ownerId: string, count: number, wish: object = {}): Promise<void> {
  const mail = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt: LATER, ownerId, ...wish };
  const answer = await api.post('/v1/emails/batch', { emails: Array.from({ length: count }, () => mail) });
  if (answer.status !== 202) throw new Error(answer.text);
}
const bulk = <Body = JobView>(body: object, headers = {}) => api.call<Body>('POST', '/v1/emails/bulk', body, headers);
const real = (action: string, filter: object, rest: object = {}) => bulk({ action, filter, dryRun: false, ...rest });
const emailsOf = async (ownerId: string) =>
  (await api.get<ListView<EmailView>>(`/v1/emails?ownerId=${ownerId}&limit=100`)).body.data;

async function end({ id }: JobView): Promise<JobView> {
  let job: JobView | undefined;
  await eventually(async () => {
    job = (await api.get<JobView>(`/v1/jobs/${id}`)).body;
    expect(job.finishedAt).not.toBeNull();
  }, 60_000);
  if (!job) throw new Error('there is no job');
  return job;
}

describe('a dry run, which is the default', () => {
  it('says how many emails would be touched, shows the newest ten, and changes nothing', async () => {
    await store('dry', 12);
    const { status, body } = await bulk<{ matched: number; sample: EmailView[] }>({
      action: 'cancel',
      filter: { ownerId: 'dry' },
    });
    expect(status).toBe(200);
    expect(body.matched).toBe(12);
    expect(body.sample.map(({ id }) => id)).toEqual((await emailsOf('dry')).slice(0, 10).map(({ id }) => id));
    expect((await emailsOf('dry')).every(({ status: now }) => now === 'scheduled')).toBe(true);
  });
});

describe('a bulk cancel', () => {
  it('cancels all that the filter finds, and nothing else', async () => {
    await store('mine', 250);
    await store('others', 3);
    const answer = await real('cancel', { ownerId: 'mine' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${answer.body.id}`);
    expect(answer.body).toMatchObject({ kind: 'bulk', status: 'running', counts: null, ownerId: 'mine' });
    expect(await end(answer.body)).toMatchObject({
      status: 'completed',
      total: 250,
      rows: { total: 250, done: 250, ok: 250, rejected: 0 },
      result: { cancelled: 250, alreadySent: 0, inFlight: 0 },
      progress: 1,
    });
    expect((await emailsOf('mine')).every(({ status }) => status === 'cancelled')).toBe(true);
    expect((await emailsOf('others')).every(({ status }) => status === 'scheduled')).toBe(true);
  });

  it('tells truthfully what was sent before it and what was on its way', async () => {
    await store('mixed', 4, { scheduledAt: undefined });
    const claimed = (await work.claim()).filter(({ ownerId }) => ownerId === 'mixed');
    const [sent, flying] = [claimed.slice(0, 1), claimed.slice(1, 2)];
    await work.arm([...sent, ...flying]);
    await work.settle(sent, 'sent');
    const job = await end((await real('cancel', { ownerId: 'mixed' })).body);
    expect(job).toMatchObject({
      rows: { total: 4, done: 4, ok: 2, rejected: 2 },
      result: { cancelled: 2, alreadySent: 1, inFlight: 1 },
    });
    const failures = await api.get<ListView<{ reason: string }>>(`/v1/jobs/${job.id}/failures`);
    expect(failures.body.data.map(({ reason }) => reason).toSorted()).toEqual(['already_sent', 'in_flight']);
  });

  it('leaves emails alone that were created after it', async () => {
    await store('early', 150);
    const { body } = await real('cancel', { ownerId: 'early' });
    await store('early', 5);
    expect((await end(body)).rows).toMatchObject({ total: 150, ok: 150 });
    const left = (await emailsOf('early')).filter(({ status }) => status === 'scheduled');
    expect(left).toHaveLength(5);
  });

  it('finds emails by tag, by job and by time, as the list does', async () => {
    await store('tagged', 3, { tags: { round: 'one' } });
    await store('tagged', 2, { tags: { round: 'two' } });
    const filter = { ownerId: 'tagged', tag: 'round:one', createdTo: '2099-01-01T00:00:00Z' };
    expect((await bulk<{ matched: number }>({ action: 'cancel', filter })).body.matched).toBe(3);
    expect((await end((await real('cancel', filter)).body)).rows).toEqual({ total: 3, done: 3, ok: 3, rejected: 0 });
    const left = (await emailsOf('tagged')).filter(({ status }) => status === 'scheduled');
    expect(left).toHaveLength(2);
  });

  it('repeated under its key is the same job', async () => {
    await store('keyed', 2);
    const body = { action: 'cancel', filter: { ownerId: 'keyed' }, dryRun: false };
    const first = await bulk(body, { 'idempotency-key': 'bulk-1' });
    const again = await bulk(body, { 'idempotency-key': 'bulk-1' });
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('of nothing is completed', async () => {
    expect(await end((await real('cancel', { ownerId: 'nobody' })).body)).toMatchObject({
      status: 'completed',
      rows: { total: 0, done: 0 },
    });
  });
});

describe('the other actions', () => {
  it('pause and resume what the filter finds', async () => {
    await store('waits', 3);
    expect(await end((await real('pause', { ownerId: 'waits' })).body)).toMatchObject({ rows: { total: 3, ok: 3 } });
    expect((await emailsOf('waits')).map(({ status }) => status)).toEqual(['paused', 'paused', 'paused']);
    expect(await end((await real('resume', { ownerId: 'waits' })).body)).toMatchObject({ rows: { total: 3, ok: 3 } });
    expect((await emailsOf('waits')).map(({ status }) => status)).toEqual(['scheduled', 'scheduled', 'scheduled']);
  });

  it('send now', async () => {
    await store('hurry', 2);
    expect((await end((await real('send_now', { ownerId: 'hurry' })).body)).rows).toMatchObject({ total: 2, ok: 2 });
    expect((await work.claim()).filter(({ ownerId }) => ownerId === 'hurry')).toHaveLength(2);
  });

  it('update what the patch says, and say how many were too late for it', async () => {
    await store('moves', 2);
    await store('moves', 1, { scheduledAt: undefined });
    await work.arm((await work.claim()).filter(({ ownerId }) => ownerId === 'moves'));
    const patch = { scheduledAt: '2027-02-01T09:00:00Z', tags: { round: '2' }, subject: 'Moved' };
    const job = await end((await real('update', { ownerId: 'moves' }, { patch })).body);
    expect(job).toMatchObject({ rows: { total: 3, ok: 2, rejected: 1 }, result: { cancelled: 0, inFlight: 1 } });
    const moved = (await emailsOf('moves')).filter(({ subject }) => subject === 'Moved');
    expect(moved.map(({ scheduledAt }) => scheduledAt)).toEqual(Array(2).fill('2027-02-01T09:00:00.000Z'));
  });
});

describe('a bulk request', () => {
  const update = (patch: object) => ({ action: 'update', filter: { all: true }, patch });

  it.each([
    ['without a filter', { action: 'cancel' }, '/filter required'],
    ['with an empty filter', { action: 'cancel', filter: {} }, '/filter required'],
    ['for all and some', { action: 'cancel', filter: { all: true, ownerId: '1' } }, '/filter conflict'],
    ['for all: false', { action: 'cancel', filter: { all: false } }, '/filter/all unknown_value'],
    ['with an unknown filter', { action: 'cancel', filter: { colour: 'red' } }, '/filter/colour unknown_field'],
    ['with a page', { action: 'cancel', filter: { ownerId: '1', limit: '5' } }, '/filter/limit unknown_field'],
    ['with an unknown action', { action: 'shred', filter: { all: true } }, '/action unknown_value'],
    ['with dryRun as text', { action: 'cancel', filter: { all: true }, dryRun: 'false' }, '/dryRun bad_type'],
    [
      'with a patch it does not take',
      { action: 'cancel', filter: { all: true }, patch: { subject: 'x' } },
      '/patch conflict',
    ],
    ['to update nothing', { action: 'update', filter: { all: true } }, '/patch required'],
    [
      'to update recipients',
      { action: 'update', filter: { all: true }, patch: { to: 'a@b.test' } },
      '/patch/to unknown_field',
    ],
    ['to update to the past', update({ scheduledAt: '2020-01-01T00:00:00Z' }), '/patch/scheduledAt in_past'],
    [
      'to update to an end before the time',
      update({ scheduledAt: LATER, expiresAt: LATER }),
      '/patch/expiresAt out_of_range',
    ],
    ['to update to no body', update({ text: null, html: null }), '/patch/text required'],
    [
      'really to update to the past',
      { ...update({ scheduledAt: '2020-01-01T00:00:00Z' }), dryRun: false },
      '/patch/scheduledAt in_past',
    ],
  ])('%s is refused', async (_, body, error) => {
    const problem = problemOf(await bulk(body));
    expect(problem).toMatchObject({ status: 422, code: 'validation_failed' });
    expect(problem.errors[0]).toBe(error);
  });

  it.each(Object.entries(BULK_EXAMPLES))('%s of the documentation is understood', (_, { value }) => {
    expect(BulkRequest.safeParse(value)).toMatchObject({ success: true });
  });
});
