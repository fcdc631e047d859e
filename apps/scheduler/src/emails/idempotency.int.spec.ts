import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';

/** Idempotency-Key (interface 2): a repeated request does nothing and gets its answer again. */

let scheduler: RunningScheduler;
let api: Api;
let port: number;
let databaseUrl: string;

beforeAll(async () => {
  const [database, [free = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  [port, databaseUrl] = [free, database.url];
  scheduler = await runScheduler(databaseUrl, port);
  api = new Api(scheduler.url);
});
afterAll(() => scheduler.stop());

const wish = { to: ['ada@example.com', 'Bob <bob@example.com>'], subject: 'Hi', text: 'It works' };
const create = (key: string, body: object = wish, path = '/v1/emails') =>
  api.call<EmailView>('POST', path, body, { 'idempotency-key': key });
const count = async () => (await api.get<{ data: object[] }>('/v1/emails?limit=100')).body.data.length;

describe('a request that comes again under its key', () => {
  it('gets the stored answer, byte for byte, and creates nothing', async () => {
    const key = randomUUID();
    const first = await create(key);
    const emails = await count();
    const again = await create(key, { text: 'It works', subject: 'Hi', to: wish.to }); // in another order
    expect(first).toMatchObject({ status: 202, body: { to: wish.to, status: 'scheduled' } });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.status).toBe(202);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('etag')).toBe('"1"');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await count()).toBe(emails);
    expect((await api.get<EmailView>(first.headers.get('location') ?? '')).body).toEqual(first.body);
  });

  it('is the same with the same bytes attached, and another one with others', async () => {
    const key = randomUUID();
    const attached = (content: string) => ({
      ...wish,
      attachments: [{ filename: 'a', contentType: 'a/b', content }],
    });
    const first = await create(key, attached('AAAA'));
    expect(first.text).not.toContain('AAAA');
    expect((await create(key, attached('AAAA'))).text).toBe(first.text);
    expect(problemOf(await create(key, attached('AAAB'))).code).toBe('idempotency_key_reused');
  });

  it('gets it even when the email was changed, and when its time has passed meanwhile', async () => {
    const key = randomUUID();
    const body = { ...wish, scheduledAt: new Date(Date.now() + 3_600_000).toISOString() };
    const first = await create(key, body);
    await api.call('PATCH', `/v1/emails/${first.body.id}`, { subject: 'Ho' });
    await api.post(`/v1/emails/${first.body.id}/cancel`);
    expect((await create(key, body)).text).toBe(first.text);
  });

  it('50 times in parallel is one email and one answer', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const fresh = answers.filter(({ headers }) => headers.get('idempotency-replayed') === null);
    expect(fresh).toHaveLength(1);
  });

  it('with another body is refused, in parallel, too', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => create(key, { ...wish, subject: n % 2 === 0 ? 'Even' : 'Odd' })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    const refusals = answers.filter(({ status }) => status !== 202).map(problemOf);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['idempotency_key_reused']));
  });

  it('after a restart of the process gets the stored answer', async () => {
    const key = randomUUID();
    const first = await create(key);
    await scheduler.stop();
    scheduler = await runScheduler(databaseUrl, port);
    expect((await create(key)).text).toBe(first.text);
  });

  it('may use the same key on another route', async () => {
    const key = randomUUID();
    await create(key);
    const body = { recipients: 'ada@example.com', subject: 'Hi', body: 'x', deliveryTime: '2099-01-05T09:00:00Z' };
    const first = await create(key, body, '/schedule');
    expect(first).toMatchObject({ status: 201, body: { deliveryTime: '2099-01-05T09:00:00.000Z' } });
    const again = await create(key, body, '/schedule');
    expect(again.text).toBe(first.text);
    expect(again.headers.get('link')).toBe(first.headers.get('link'));
  });
});

describe('a request that failed', () => {
  it('is not stored: mended, it is accepted under the same key', async () => {
    const key = randomUUID();
    expect((await create(key, { ...wish, to: 'nobody' })).status).toBe(422);
    expect((await create(key)).status).toBe(202);
  });
});

describe('a key', () => {
  it.each(['', 'ü', 'x'.repeat(256)])('like %j is refused', async (key) => {
    const answer = await api.raw('POST', '/v1/emails', {
      body: JSON.stringify(wish),
      headers: { 'content-type': 'application/json', 'idempotency-key': Buffer.from(key).toString('latin1') },
    });
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'bad_idempotency_key' });
  });

  it('of a dry run stores nothing', async () => {
    const key = randomUUID();
    expect((await create(key, wish, '/v1/emails?dryRun=true')).status).toBe(200);
    expect((await create(key)).headers.get('idempotency-replayed')).toBeNull();
  });
});
