import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import type { SuppressionView } from './suppression.view.js';

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

const add = (body: object) => api.post<SuppressionView>('/v1/suppressions', body);
const check = async (...addresses: string[]) =>
  (await api.post<{ suppressed: SuppressionView[] }>('/v1/suppressions/check', { addresses })).body.suppressed;

describe('a suppression', () => {
  it('is made, shown by id and by address in any case, and listed', async () => {
    const made = await add({ address: 'Bob <Bob@Example.com>', reason: 'asked us to' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/v1/suppressions/${made.body.id}`);
    expect(made.body).toEqual({
      object: 'suppression',
      id: expect.stringMatching(/^sup_/),
      address: 'Bob@example.com',
      scope: 'all',
      source: 'manual',
      reason: 'asked us to',
      deliveryId: null,
      createdAt: expect.stringMatching(/Z$/),
    });
    for (const name of [made.body.id, 'bob@example.com', encodeURIComponent('BOB@EXAMPLE.COM')]) {
      expect((await api.get(`/v1/suppressions/${name}`)).body).toEqual(made.body);
    }
    expect((await api.get<ListView<SuppressionView>>('/v1/suppressions?limit=1')).body.data).toEqual([made.body]);
  });

  it('is there once for an address and scope; the other scope is another one', async () => {
    const first = await add({ address: 'twice@example.com', scope: 'bulk' });
    const again = await add({ address: 'TWICE@example.com', scope: 'bulk' });
    expect(problemOf(again)).toMatchObject({ status: 409, code: 'already_exists' });
    expect(again.body).toMatchObject({ current: { id: first.body.id } });
    const wider = await add({ address: 'twice@example.com' });
    expect(wider.status).toBe(201);
    expect((await api.get('/v1/suppressions/twice@example.com')).body).toMatchObject({ scope: 'all' });
    expect(await check('twice@example.com')).toMatchObject([{ id: first.body.id }, { id: wider.body.id }]);
  });

  it('is lifted by id or by address; then it is not there, and may be made again', async () => {
    const one = await add({ address: 'gone@example.com' });
    expect((await api.call('DELETE', `/v1/suppressions/${one.body.id}`)).status).toBe(204);
    expect(problemOf(await api.get(`/v1/suppressions/${one.body.id}`))).toMatchObject({ code: 'not_found' });
    expect((await add({ address: 'gone@example.com' })).status).toBe(201);
    expect((await api.call('DELETE', '/v1/suppressions/gone@example.com')).status).toBe(204);
    expect((await api.call('DELETE', '/v1/suppressions/gone@example.com')).status).toBe(404);
    expect(await check('gone@example.com')).toEqual([]);
  });

  it('is made once under an Idempotency-Key', async () => {
    const keyed = () =>
      api.raw('POST', '/v1/suppressions', {
        body: JSON.stringify({ address: 'keyed@example.com' }),
        headers: { 'idempotency-key': 'sup-1', 'content-type': 'application/json' },
      });
    const [first, again] = [await keyed(), await keyed()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
  });

  it.each([
    ['sup_0193e0f004067333a4b56e8043', 404],
    ['em_01m8rf20g6ekd9jbb81k6sxq3w', 404],
    ['nobody@example.com', 404],
    ['%00', 404],
  ])('named %s is not found', async (name, status) => {
    expect((await api.get(`/v1/suppressions/${name}`)).status).toBe(status);
  });

  it.each([
    [{}, '/address required'],
    [{ address: 'nobody' }, '/address bad_address'],
    [{ address: 'a@b.test', scope: 'some' }, '/scope unknown_value'],
    [{ address: 'a@b.test', reason: 'a\r\nb' }, '/reason injection'],
    [{ address: 'a@b.test', because: 'x' }, '/because unknown_field'],
  ])('of %j is refused', async (body, error) => {
    expect(problemOf(await add(body))).toMatchObject({ status: 422, errors: [error] });
  });

  it('is checked for up to 1000 addresses at once', async () => {
    expect(await check('bob@example.com', 'BOB@example.com', 'free@example.com')).toMatchObject([
      { address: 'Bob@example.com' },
    ]);
    const many = Array.from({ length: 1001 }, (_, index) => `x${index}@example.com`);
    const answer = await api.post('/v1/suppressions/check', { addresses: many });
    expect(problemOf(answer)).toMatchObject({ errors: ['/addresses too_many'] });
  });

  it('pages through the list and back', async () => {
    for (let n = 0; n < 5; n += 1) await add({ address: `page${n}@example.com` });
    const page = async (query: string) =>
      (await api.get<ListView<SuppressionView>>(`/v1/suppressions?limit=2${query}`)).body;
    const first = await page('');
    const second = await page(`&after=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ address }) => address)).toEqual(
      [4, 3, 2, 1].map((n) => `page${n}@example.com`),
    );
    expect((await page(`&before=${second.prevCursor}`)).data).toEqual(first.data);
    const both = await api.get(`/v1/suppressions?after=${first.nextCursor}&before=${second.prevCursor}`);
    expect(problemOf(both)).toMatchObject({ status: 422 });
  });
});

describe('an email to a suppressed recipient', () => {
  it('is no error at creation, and is seen as suppressed when it is loaded', async () => {
    await add({ address: 'never@example.com' });
    const created = await api.post('/v1/emails', { to: 'Never@Example.com', subject: 'Hi', text: 'x' });
    expect(created.status).toBe(202);
    expect(await work.claim()).toMatchObject([{ address: 'Never@example.com', isSuppressed: true }]);
  });
});
