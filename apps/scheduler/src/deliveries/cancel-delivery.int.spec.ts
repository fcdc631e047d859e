import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { DeliveryView, EmailView } from '#http';
import type { ClaimedDelivery } from '#storage';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';

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

/** An email of two copies that is due; the first of them is cancelled. */
async function twoCopies() {
  const body = { to: ['ada@example.com', 'eve@example.com'], subject: 'Hi', text: 'It works' };
  const { body: email } = await api.post<EmailView>('/v1/emails', body);
  const [first, second] = email.deliveries;
  if (!first || !second) throw new Error('two copies were asked for');
  return { email, first, second };
}
const cancel = (id: string, query = '', headers = {}) =>
  api.call<DeliveryView>('POST', `/v1/deliveries/${id}/cancel${query}`, undefined, headers);
const copy = async (id: string) => (await api.get<DeliveryView>(`/v1/deliveries/${id}`)).body;
const typesOf = async (email: EmailView) =>
  (await api.get<{ data: { type: string }[] }>(`/v1/emails/${email.id}/events?limit=100`)).body.data.map(
    ({ type }) => type,
  );
async function claim(id: string): Promise<ClaimedDelivery[]> {
  const wanted = parsePublicId('delivery', id);
  return (await work.claim()).filter((claimed) => claimed.id === wanted);
}

describe('a cancel of one copy', () => {
  it('ends it under a new epoch, told once; the others go on', async () => {
    const { email, first, second } = await twoCopies();
    const cancelled = await cancel(first.id);
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'cancelled', reason: 'cancelled_by_user', epoch: 1, version: 2 },
    });
    expect(cancelled.headers.get('etag')).toBe('"2"');
    expect((await cancel(first.id)).text).toBe(cancelled.text);
    expect(await typesOf(email)).toEqual(['email.created', 'delivery.cancelled']);
    expect(await claim(first.id)).toEqual([]);
    expect(await copy(second.id)).toMatchObject({ status: 'queued' });
  });

  it('is refused while the copy is at its server, and waits for its end when asked to', async () => {
    const { first } = await twoCopies();
    const claimed = await claim(first.id);
    await work.arm(claimed);
    const refused = await cancel(first.id);
    expect(problemOf(refused)).toMatchObject({ status: 409, code: 'in_flight' });
    expect(refused.body).toMatchObject({ current: { status: 'sending' } });
    const waiting = cancel(first.id, '?wait=10');
    await work.settle(claimed, 'retry');
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it.each([
    ['sent', 'already_sent'],
    ['failed', 'already_finished'],
    ['unknown', 'outcome_unknown'],
    ['held', 'outcome_unknown'],
  ] as const)('that was %s is refused as %s', async (end, code) => {
    const { first } = await twoCopies();
    const claimed = await claim(first.id);
    await work.arm(claimed);
    await work.settle(claimed, end);
    expect(problemOf(await cancel(first.id))).toMatchObject({ status: 409, code });
    const status = end === 'held' ? 'unknown' : end; // the second sending is called off
    expect(await copy(first.id)).toMatchObject({ status });
  });

  it('honours If-Match and Idempotency-Key', async () => {
    const { first } = await twoCopies();
    expect(problemOf(await cancel(first.id, '', { 'if-match': '"9"' }))).toMatchObject({ status: 412 });
    const key = { 'idempotency-key': 'one-copy' };
    const done = await cancel(first.id, '', key);
    const again = await cancel(first.id, '', key);
    expect(again).toMatchObject({ status: 200, text: done.text });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('that is nobody’s is answered as unknown', async () => {
    expect(problemOf(await cancel('dl_01m8rf20fyf3tr1tvw0hz9c7kd'))).toMatchObject({ status: 404 });
    expect(problemOf(await cancel('em_01m8rf20fyf3tr1tvw0hz9c7kd'))).toMatchObject({ status: 404 });
  });
});
