import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobAlias, JobView, ListView } from '#http';
import { Api, freePorts, testDatabase, type TestDatabase } from '#testing';
import { SEND_EMAILS_EXAMPLES } from '../documents/examples.js';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { strangers } from '../testing/strangers.js';

/** The calls of a system that sent many emails for a user, to the letter (interface 6, S4). */

let database: TestDatabase;
let scheduler: RunningScheduler;
let api: Api;

beforeAll(async () => {
  const [made, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  database = made;
  scheduler = await runScheduler(database.url, port);
  api = new Api(scheduler.url);
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
});

const send = (body: object, headers: Record<string, string> = {}) =>
  api.call<JobAlias>('POST', '/email/send-emails', body, headers);
const open = async (userId: string) => (await api.get<JobAlias[]>(`/email/${userId}`)).body;
const completed = async (userId: string) => (await api.get<JobAlias[]>(`/email/${userId}/completed`)).body;

describe('POST /email/send-emails', () => {
  it('answers the job at once, with all that was asked for', async () => {
    const { status, body, headers } = await send({ userId: '1', numberOfEmails: 100 });
    expect(status).toBe(202);
    expect(body).toEqual({
      jobId: expect.stringMatching(/^job_[0-9a-z]{26}$/),
      userId: '1',
      total: 100,
      numberOfEmails: 100,
      sent: 0,
      failed: 0,
      status: 'scheduled',
      createdAt: expect.stringMatching(/Z$/),
      completedAt: null,
    });
    expect(headers.get('link')).toBe(`</v1/jobs/${body.jobId}>; rel="alternate"`);
    const canonical = (await api.get<JobView>(`/v1/jobs/${body.jobId}`)).body;
    expect(canonical).toMatchObject({ kind: 'load_test', ownerId: '1', expected: 100 });
    expect(await open('1')).toContainEqual(body);
  });

  it('takes a million, and nothing at all', async () => {
    const many = await send({ userId: 'million', numberOfEmails: 1_000_000 });
    expect(many).toMatchObject({ status: 202, body: { total: 1_000_000 } });
    await api.post(`/v1/jobs/${many.body.jobId}/cancel`);
    const none = await send({ userId: 'nobody', numberOfEmails: 0 });
    expect(none).toMatchObject({ status: 202, body: { total: 0, numberOfEmails: 0, status: 'completed' } });
    expect(await completed('nobody')).toEqual([none.body]);
    expect(await open('nobody')).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['a number below 0', { numberOfEmails: -1 }, '/numberOfEmails out_of_range'],
    ['a part of an email', { numberOfEmails: 1.5 }, '/numberOfEmails bad_type'],
    ['a word', { numberOfEmails: 'many' }, '/numberOfEmails bad_type'],
    ['a number in quotes', { numberOfEmails: '100' }, '/numberOfEmails bad_type'],
    ['ten million', { numberOfEmails: 10_000_000 }, '/numberOfEmails out_of_range'],
    ['no number', { numberOfEmails: undefined }, '/numberOfEmails required'],
    ['null', { numberOfEmails: null }, '/numberOfEmails bad_type'],
    ['no user', { userId: undefined }, '/userId required'],
    ['two users', { user_id: '2' }, '/user_id conflict'],
  ])('refuses %s', async (_what, wrong, error) => {
    const answer = await send({ userId: '1', numberOfEmails: 1, ...wrong });
    expect(problemOf(answer)).toEqual({ status: 422, code: 'validation_failed', errors: [error] });
  });

  it.each<[string, object, string]>([
    ['a user as a number', { userId: 7 }, '7'],
    ['user_id', { userId: undefined, user_id: 'u7' }, 'u7'],
    ['two names that agree', { user_id: '1' }, '1'],
    ['a field it does not know', { priority: 'high' }, '1'],
  ])('understands %s', async (_what, wish, userId) => {
    expect(await send({ userId: '1', numberOfEmails: 1, ...wish })).toMatchObject({ status: 202, body: { userId } });
  });

  it('is done once under one key', async () => {
    const body = { userId: 'once', numberOfEmails: 2 };
    const [first, second] = [
      await send(body, { 'idempotency-key': 'k' }),
      await send(body, { 'idempotency-key': 'k' }),
    ];
    expect(second.body).toEqual(first.body);
    expect(await open('once')).toHaveLength(1);
  });

  it('refuses live keys', async () => {
    for (const headers of await strangers(database.url)) {
      const stranger = new Api(scheduler.url, headers);
      const { mode } = (await stranger.get<{ mode: string }>('/v1/me')).body;
      const answer = await stranger.post('/email/send-emails', { userId: '1', numberOfEmails: 1 });
      if (mode === 'live') expect(problemOf(answer)).toMatchObject({ status: 403, code: 'test_key_required' });
      expect((await stranger.get<JobAlias[]>('/email/once')).body).toEqual([]);
    }
  });

  it.each(Object.entries(SEND_EMAILS_EXAMPLES))('understands the example %s', async (_, { value }) => {
    expect((await send(value)).status).toBe(202);
  });
});

describe('GET /email/{userId}', () => {
  it('lists what is not finished, newest first, as /v1/jobs does', async () => {
    const [first, second] = [
      (await send({ userId: 'lists', numberOfEmails: 1 })).body.jobId,
      (await send({ userId: 'lists', numberOfEmails: 1 })).body.jobId,
    ];
    expect((await open('lists')).map(({ jobId }) => jobId)).toEqual([second, first]);
    const jobs = await api.get<ListView<JobView>>('/v1/jobs?ownerId=lists');
    expect(jobs.body.data.map(({ id }) => id)).toEqual([second, first]);
    expect(await completed('lists')).toEqual([]);
  });

  it.each(['unknown', '%00', 'x'.repeat(200), 'a%0Ab'])('knows nothing of %s', async (userId) => {
    expect(await api.get(`/email/${userId}`)).toMatchObject({ status: 200, body: [] });
    expect(await api.get(`/email/${userId}/completed`)).toMatchObject({ status: 200, body: [] });
  });
});
