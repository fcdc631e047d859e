import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DeliveryId, parsePublicId } from '#domain';
import type { DeliveryView, EmailView } from '#http';
import type { ClaimedDelivery } from '#storage';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';

/** Pause, resume, reschedule and send-now, over HTTP and the rows that they move. */

const LATER = '2027-01-05T09:00:00.000Z';
type Action = 'pause' | 'resume' | 'send-now' | 'reschedule' | 'cancel';

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

async function anEmail(wish: object = {}): Promise<EmailView> {
  const body = { to: 'ada@example.com', subject: 'Hi', text: 'It works', ...wish };
  const answer = await api.post<EmailView>('/v1/emails', body);
  if (answer.status !== 202) throw new Error(answer.text);
  return answer.body;
}
const aLaterEmail = (wish: object = {}) => anEmail({ scheduledAt: LATER, ...wish });
const act = (email: EmailView, action: Action, body?: object, headers = {}) =>
  api.call<EmailView>('POST', `/v1/emails/${email.id}/${action}`, body, headers);
const pause = (email: EmailView) => act(email, 'pause');
const resume = (email: EmailView) => act(email, 'resume');
const read = async (email: EmailView) => (await api.get<EmailView>(`/v1/emails/${email.id}`)).body;
const copiesOf = async (email: EmailView) =>
  (await api.get<{ data: DeliveryView[] }>(`/v1/emails/${email.id}/deliveries`)).body.data;
const copyOf = async (email: EmailView) => {
  const [copy] = await copiesOf(email);
  if (!copy) throw new Error('an email without copies');
  return copy;
};
const types = async (email: EmailView) =>
  (await api.get<{ data: { type: string }[] }>(`/v1/emails/${email.id}/events?limit=100`)).body.data.map(
    ({ type }) => type,
  );
/** Claims what is due, and answers the copies of this email. */
async function claim(email: EmailView): Promise<ClaimedDelivery[]> {
  const ids = new Set(email.deliveries.map(({ id }) => parsePublicId('delivery', id) as DeliveryId));
  return (await work.claim()).filter(({ id }) => ids.has(id));
}
async function aClaimedEmail(): Promise<{ email: EmailView; claimed: ClaimedDelivery[] }> {
  const email = await anEmail();
  const claimed = await claim(email);
  expect(claimed).toHaveLength(1);
  return { email, claimed };
}
/** Makes its copies be held because they were missed, as the poller's duty would. */
const miss = (email: EmailView) =>
  work.db.query({
    name: 'spec-miss',
    text: `with held as (update deliveries set reason = 'missed' where id = any ($1::uuid[]) returning id)
      delete from due using held where due.id = held.id`,
    values: [email.deliveries.map(({ id }) => parsePublicId('delivery', id))],
  });

describe('a pause', () => {
  it('is told once, shown first, and repeated the same', async () => {
    const email = await aLaterEmail();
    const paused = await pause(email);
    expect(paused).toMatchObject({ status: 200, body: { status: 'paused', version: 2 } });
    expect(paused.headers.get('etag')).toBe('"2"');
    expect(await read(email)).toEqual(paused.body);
    expect((await pause(email)).text).toBe(paused.text);
    expect(await types(email)).toEqual(['email.created', 'email.paused']);
  });

  it('lets nothing be claimed, however often somebody looks', async () => {
    const email = await anEmail();
    await pause(email);
    expect([await claim(email), await claim(email)]).toEqual([[], []]);
  });

  it('takes back what was claimed, and the gate refuses it', async () => {
    const { email, claimed } = await aClaimedEmail();
    await pause(email);
    await expect(work.arm(claimed)).rejects.toThrow('1 asked, 0 armed');
    expect(await copyOf(email)).toMatchObject({ status: 'scheduled', epoch: 2, version: 2 });
    expect(await types(email)).toEqual(['email.created', 'delivery.scheduled', 'email.paused']);
    expect(await claim(email)).toEqual([]);
  });

  it('holds a copy that was at its server and comes back to be tried again', async () => {
    const { email, claimed } = await aClaimedEmail();
    await work.arm(claimed);
    expect((await pause(email)).body.status).toBe('paused');
    await work.settle(claimed, 'retry');
    await act(email, 'send-now');
    expect(await claim(email)).toEqual([]);
    await resume(email);
    expect(await claim(email)).toHaveLength(1);
  });

  it('stays through an edit, and holds the recipients that it brings', async () => {
    const email = await anEmail();
    await pause(email);
    const patch = { to: ['ada@example.com', 'eve@example.com'], scheduledAt: '2026-01-01T00:00:00Z', allowPast: true };
    const edited = await api.call<EmailView>('PATCH', `/v1/emails/${email.id}`, patch);
    expect(edited).toMatchObject({ status: 200, body: { status: 'paused', counts: { total: 2 } } });
    expect(await claim(edited.body)).toEqual([]);
    await resume(email);
    expect(await claim(edited.body)).toHaveLength(2);
  });

  it('stays through send-now, which makes it due at the resume', async () => {
    const email = await aLaterEmail();
    await pause(email);
    expect(await act(email, 'send-now', { ignoreWindows: false })).toMatchObject({
      status: 200,
      body: { status: 'paused', version: 3 },
    });
    expect(await claim(email)).toEqual([]);
    await resume(email);
    expect(await claim(email)).toHaveLength(1);
  });

  it('ends with a cancel', async () => {
    const email = await aLaterEmail();
    await pause(email);
    expect(await act(email, 'cancel')).toMatchObject({ status: 200, body: { status: 'cancelled', version: 3 } });
    expect(problemOf(await resume(email))).toMatchObject({ status: 409, code: 'state_conflict' });
  });

  it('finds its emails in the list', async () => {
    const [paused, other] = [await aLaterEmail({ ownerId: 'pauses' }), await aLaterEmail({ ownerId: 'pauses' })];
    await pause(paused);
    const listed = await api.get<{ data: EmailView[] }>('/v1/emails?ownerId=pauses&status=paused');
    expect(listed.body.data.map(({ id }) => id)).toEqual([paused.id]);
    expect(other.status).toBe('scheduled');
  });
});

describe('a resume', () => {
  it('is told once and repeated the same', async () => {
    const email = await aLaterEmail();
    await pause(email);
    const resumed = await resume(email);
    expect(resumed).toMatchObject({ status: 200, body: { status: 'scheduled', version: 3, scheduledAt: LATER } });
    expect((await resume(email)).text).toBe(resumed.text);
    expect(await types(email)).toEqual(['email.created', 'email.paused', 'email.resumed']);
  });

  it('leaves a time that is to come as it was', async () => {
    const email = await aLaterEmail();
    await pause(email);
    await resume(email);
    expect(await copyOf(email)).toMatchObject({ dueAt: LATER, version: 1 });
    expect(await claim(email)).toEqual([]);
  });

  it('makes what came due meanwhile due now, and not late', async () => {
    const { email } = await aClaimedEmail();
    const before = await copyOf(email);
    await pause(email);
    await resume(email);
    expect(await claim(email)).toHaveLength(1);
    const after = await copyOf(email);
    expect(Date.parse(after.dueAt)).toBeGreaterThan(Date.parse(before.dueAt));
    expect(after.lateMs).toBeLessThan(1000);
  });

  it('does not free what had been missed', async () => {
    const email = await anEmail();
    await miss(email);
    await pause(email);
    await resume(email);
    expect(await claim(email)).toEqual([]);
  });
});

describe('a finished email', () => {
  it.each<Action>(['pause', 'resume'])('refuses to %s, and says what it is', async (action) => {
    const { email, claimed } = await aClaimedEmail();
    await work.arm(claimed);
    await work.settle(claimed, 'sent');
    const refused = await act(email, action);
    expect(problemOf(refused)).toMatchObject({ status: 409, code: 'state_conflict' });
    expect(refused.body).toMatchObject({ current: { status: 'sent' } });
  });

  it.each<[Action, object]>([
    ['send-now', {}],
    ['reschedule', { scheduledAt: LATER }],
  ])('refuses to %s as it refuses an edit', async (action, body) => {
    const { email, claimed } = await aClaimedEmail();
    await work.arm(claimed);
    expect(problemOf(await act(email, action, body))).toMatchObject({ status: 409, code: 'in_flight' });
    await work.settle(claimed, 'sent');
    expect(problemOf(await act(email, action, body))).toMatchObject({ status: 409, code: 'already_sent' });
  });
});

describe('send-now', () => {
  it('makes an email due now, told as a change of its time', async () => {
    const email = await aLaterEmail();
    const sent = await act(email, 'send-now');
    expect(sent).toMatchObject({ status: 200, body: { status: 'scheduled', version: 2 } });
    expect(sent.body.scheduledAt < LATER).toBe(true);
    expect(await types(email)).toEqual(['email.created', 'delivery.scheduled', 'email.updated']);
    expect(await claim(email)).toHaveLength(1);
  });

  it('tries a copy again that waits for a retry', async () => {
    const { email, claimed } = await aClaimedEmail();
    await work.arm(claimed);
    await work.settle(claimed, 'retry');
    await act(email, 'send-now');
    expect(await claim(email)).toHaveLength(1);
  });

  it('leaves alone what is due or on its way already', async () => {
    const { email } = await aClaimedEmail();
    expect(await act(email, 'send-now')).toMatchObject({ status: 200, body: { status: 'queued', version: 1 } });
    expect(await types(email)).toEqual(['email.created', 'delivery.queued']);
  });
});

describe('a reschedule', () => {
  it('is an edit of the time alone', async () => {
    const email = await aLaterEmail();
    const moved = await act(email, 'reschedule', { scheduledAt: '2028-01-01T10:00:00+01:00' });
    expect(moved).toMatchObject({ status: 200, body: { scheduledAt: '2028-01-01T09:00:00.000Z', version: 2 } });
    expect(problemOf(await act(email, 'reschedule', { scheduledAt: '2020-01-01T00:00:00Z' }))).toMatchObject({
      status: 422,
      errors: ['/scheduledAt in_past'],
    });
    expect(problemOf(await act(email, 'reschedule', { subject: 'no' }))).toMatchObject({ status: 422 });
  });
});

describe('what was missed and is held', () => {
  it.each<[Action, object]>([
    ['send-now', {}],
    ['reschedule', { scheduledAt: '2026-01-01T00:00:00Z', allowPast: true }],
  ])('is freed by %s', async (action, body) => {
    const email = await anEmail();
    await miss(email);
    expect(await claim(email)).toEqual([]);
    expect(await act(email, action, body)).toMatchObject({ status: 200 });
    expect(await copyOf(email)).toMatchObject({ reason: null });
    expect(await claim(email)).toHaveLength(1);
  });

  it('stays held through an edit of its content, and is ended by a cancel', async () => {
    const email = await anEmail();
    await miss(email);
    await api.call('PATCH', `/v1/emails/${email.id}`, { subject: 'Ho' });
    expect(await claim(email)).toEqual([]);
    expect(await act(email, 'cancel')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });
});

describe('every action', () => {
  const ACTIONS: [Action, object][] = [
    ['cancel', {}],
    ['pause', {}],
    ['send-now', {}],
    ['reschedule', { scheduledAt: '2028-01-01T00:00:00Z' }],
  ];

  it.each(ACTIONS)('(%s) does nothing when its caller saw another version', async (action, body) => {
    const email = await aLaterEmail();
    const stale = await act(email, action, body, { 'if-match': '"7"' });
    expect(problemOf(stale)).toMatchObject({ status: 412, code: 'version_mismatch' });
    expect(stale.body).toMatchObject({ current: { id: email.id, version: 1 } });
    expect(await act(email, action, body, { 'if-match': '"1"' })).toMatchObject({ status: 200, body: { version: 2 } });
  });

  it.each(ACTIONS)('(%s) is done once for an Idempotency-Key, and answered byte for byte', async (action, body) => {
    const email = await aLaterEmail();
    const key = { 'idempotency-key': `${action}-1` };
    const first = await act(email, action, body, key);
    await act(email, 'cancel');
    const again = await act(email, action, body, key);
    expect(again).toMatchObject({ status: 200, text: first.text });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  });

  it.each(ACTIONS)('(%s) of an email that is nobody’s answers as for an unknown one', async (action, body) => {
    const nobodys = { id: 'em_01m8rf20fyf3tr1tvw0hz9c7kd' } as EmailView;
    expect(problemOf(await act(nobodys, action, body))).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('keeps no refusal for its key: what has an end then is answered anew', async () => {
    const { email, claimed } = await aClaimedEmail();
    await work.arm(claimed);
    const key = { 'idempotency-key': 'refusal-1' };
    expect(await act(email, 'cancel', {}, key)).toMatchObject({ status: 409 });
    await work.settle(claimed, 'retry');
    expect(await act(email, 'cancel', {}, key)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it('has an effect although it is refused: a cancel calls off what would be sent once more', async () => {
    const { email, claimed } = await aClaimedEmail();
    await work.arm(claimed);
    await work.settle(claimed, 'held');
    const refused = await act(email, 'cancel', {}, { 'idempotency-key': 'call-off-1' });
    expect(problemOf(refused)).toMatchObject({ status: 409, code: 'outcome_unknown' });
    expect(await copyOf(email)).toMatchObject({ status: 'unknown' });
  });
});
