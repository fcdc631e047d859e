import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DeliveryId, parsePublicId } from '#domain';
import type { EmailView } from '#http';
import type { ClaimedDelivery } from '#storage';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { ANY_TIME_MS, WorkDeliveries } from '../testing/work-deliveries.js';

/** Edits and cancels: allowed until a copy is armed, and then refused with the state that stood in the way. */

const LATER = '2027-01-05T09:00:00.000Z';
type Cancelled = EmailView & { cancellation: object };
interface EventList {
  data: { type: string; data: Record<string, unknown>; actor: string; deliveryId: string | null }[];
}

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
  const body = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt: LATER, ...wish };
  const answer = await api.post<EmailView>('/v1/emails', body);
  if (answer.status !== 202) throw new Error(answer.text);
  return answer.body;
}
const now = { scheduledAt: undefined };
const idOf = (of: EmailView, to: string) => of.deliveries.find((copy) => copy.to === to)?.id;
const edit = (email: EmailView, patch: object, headers = {}) =>
  api.call<EmailView>('PATCH', `/v1/emails/${email.id}`, patch, headers);
const cancel = (email: EmailView, query = '') => api.post<Cancelled>(`/v1/emails/${email.id}/cancel${query}`);
const read = async (email: EmailView) => (await api.get<EmailView>(`/v1/emails/${email.id}`)).body;
const events = async (email: EmailView) =>
  (await api.get<EventList>(`/v1/emails/${email.id}/events?limit=100`)).body.data;
const types = async (email: EmailView) => (await events(email)).map(({ type }) => type);
const epochs = async (email: EmailView) =>
  Promise.all(
    email.deliveries.map(async ({ id }) => (await api.get<{ epoch: number }>(`/v1/deliveries/${id}`)).body.epoch),
  );
const FILE = { filename: 'a.txt', contentType: 'text/plain', content: 'aGk=' };
const SHOWN = { filename: 'a.txt', contentType: 'text/plain', contentId: null, sizeBytes: 2 };
/** Claims everything, and answers the copies of this email. */
async function claim(email: EmailView, lookAheadMs = 0): Promise<ClaimedDelivery[]> {
  const ids = new Set(email.deliveries.map(({ id }) => parsePublicId('delivery', id) as DeliveryId));
  return (await work.claim(lookAheadMs)).filter(({ id }) => ids.has(id));
}

describe('an edit', () => {
  it.each<[string, object, object]>([
    ['subject', { subject: 'Ho' }, { subject: 'Ho' }],
    ['text', { text: 'Other' }, { text: 'Other' }],
    ['html', { html: '<p>Hi</p>' }, { html: '<p>Hi</p>', text: 'It works' }],
    ['from', { from: 'Bob <bob@Example.com>' }, { from: 'Bob <bob@example.com>' }],
    ['replyTo', { replyTo: ['eve@example.com'] }, { replyTo: ['eve@example.com'] }],
    ['cc', { cc: 'eve@example.com' }, { cc: ['eve@example.com'], to: ['ada@example.com'] }],
    ['bcc', { bcc: ['eve@example.com'] }, { bcc: ['eve@example.com'] }],
    ['scheduledAt', { scheduledAt: '2028-01-01T10:00:00+01:00' }, { scheduledAt: '2028-01-01T09:00:00.000Z' }],
    ['retryForSeconds', { retryForSeconds: 60 }, { retryForSeconds: 60 }],
    ['onUnknown', { onUnknown: 'at_most_once' }, { onUnknown: 'at_most_once' }],
    ['visibility', { visibility: 'individual' }, { visibility: 'individual', messageId: null }],
    ['ownerId', { ownerId: '7' }, { ownerId: '7' }],
    ['headers', { headers: { 'X-A': '1' } }, { headers: { 'X-A': '1' } }],
    ['tags', { tags: { team: 'billing' } }, { tags: { team: 'billing' } }],
    ['correlationKey', { correlationKey: 'order-1' }, { correlationKey: 'order-1' }],
    ['graceSeconds', { graceSeconds: 0 }, { graceSeconds: 0 }],
    ['onMissed', { onMissed: 'hold' }, { onMissed: 'hold' }],
    ['expiresAt', { expiresAt: '2027-01-05T10:00:00Z' }, { expiresAt: '2027-01-05T10:00:00.000Z' }],
    ['attachments', { attachments: [FILE] }, { attachments: [SHOWN] }],
  ])('of %s is read back, raises the version by one and tells it', async (field, patch, expected) => {
    const email = await anEmail();
    const edited = await edit(email, patch);
    expect(edited).toMatchObject({ status: 200, body: { ...expected, version: 2, status: 'scheduled' } });
    expect(edited.headers.get('etag')).toBe('"2"');
    expect(await read(email)).toEqual(edited.body);
    expect((await events(email)).at(-1)).toMatchObject({
      type: 'email.updated',
      data: { changed: [field], version: 2 },
    });
  });

  it('of nothing changes nothing and tells nothing', async () => {
    const email = await anEmail({ cc: 'bob@example.com' });
    const same = {
      subject: 'Hi',
      to: 'ada@EXAMPLE.com',
      cc: ['bob@example.com'],
      scheduledAt: '2027-01-05T10:00:00+01:00',
    };
    for (const patch of [{}, same, { allowPast: true }]) {
      expect((await edit(email, patch)).body).toEqual(email);
    }
    expect(await types(email)).toEqual(['email.created']);
  });

  it('to null takes the default again, and to a body of none is refused', async () => {
    const email = await anEmail({
      from: 'bob@example.com',
      cc: 'cy@example.com',
      replyTo: 'd@example.com',
      html: '<p>',
      retryForSeconds: 5,
      ownerId: '1',
      onUnknown: 'at_most_once',
      visibility: 'shared',
      graceSeconds: 5,
      onMissed: 'hold',
      expiresAt: '2028-01-01T00:00:00Z',
      correlationKey: 'order-1',
    });
    const nulls = {
      graceSeconds: null,
      onMissed: null,
      expiresAt: null,
      correlationKey: null,
      from: null,
      cc: null,
      replyTo: null,
      html: null,
      retryForSeconds: null,
      ownerId: null,
      onUnknown: null,
      visibility: null,
    };
    expect((await edit(email, nulls)).body).toMatchObject({
      from: 'Mailtide <no-reply@mailtide.test>',
      cc: [],
      replyTo: [],
      html: null,
      retryForSeconds: 86_400,
      graceSeconds: 21_600,
      onMissed: 'expire',
      expiresAt: null,
      correlationKey: null,
      ownerId: null,
      onUnknown: 'at_least_once',
      counts: { total: 1 },
      text: 'It works',
    });
    expect(problemOf(await edit(email, { text: null })).errors).toEqual(['/text required']);
    expect(problemOf(await edit(email, { to: null })).errors).toEqual(['/to bad_type']);
    expect(problemOf(await edit(email, { class: 'bulk' })).errors).toEqual(['/class unknown_field']);
  });

  it('of headers and tags leaves those alone that it does not name, and null takes one away', async () => {
    const email = await anEmail({ headers: { 'X-A': '1', 'X-B': '2' }, tags: { a: '1', b: '2' } });
    const patch = { headers: { 'x-a': null, 'X-C': '3' }, tags: { a: null, c: '3' } };
    const merged = { headers: { 'X-B': '2', 'X-C': '3' }, tags: { b: '2', c: '3' } };
    expect((await edit(email, patch)).body).toMatchObject(merged);
    expect((await read(email)).headers).toEqual(merged.headers);
    expect((await read(email)).tags).toEqual(merged.tags);
    const listed = async (tag: string) =>
      (await api.get<{ data: EmailView[] }>(`/v1/emails?tag=${tag}&limit=100`)).body.data.some(
        ({ id }) => id === email.id,
      );
    expect([await listed('a:1'), await listed('b:2'), await listed('c:3')]).toEqual([false, true, true]);
    expect((await edit(email, { headers: null, tags: null })).body).toMatchObject({ headers: {}, tags: {} });
  });

  it('cannot add more headers and tags than an email may have', async () => {
    const some = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x']));
    const email = await anEmail({ headers: some('X-A', 15), tags: some('a', 6) });
    const patch = { headers: some('X-B', 6), tags: some('b', 5) };
    expect(problemOf(await edit(email, patch)).errors).toEqual(['/headers too_many', '/tags too_many']);
  });

  it('of attachments replaces them all, of anything else leaves them and never needs their bytes', async () => {
    const email = await anEmail({ attachments: [FILE, { ...FILE, filename: 'b.txt' }] });
    expect((await edit(email, { subject: 'Ho' })).body.attachments).toEqual([SHOWN, { ...SHOWN, filename: 'b.txt' }]);
    expect((await edit(email, { attachments: [{ ...FILE, content: 'aGkh' }] })).body.attachments).toEqual([
      { ...SHOWN, sizeBytes: 3 },
    ]);
    expect((await edit(email, { attachments: null })).body.attachments).toEqual([]);
  });

  it('of grace and expiry binds its copies, and those that come later', async () => {
    const email = await anEmail();
    const deadlines = { graceSeconds: 7, expiresAt: '2027-01-05T10:00:00.000Z' };
    await edit(email, deadlines);
    await edit(email, { cc: 'bob@example.com' });
    const { rows } = await work.db.query({
      name: '',
      text: `select distinct d.grace_seconds, d.expires_at, x.expires_at as listed_at from deliveries d
         join expiring x on x.tenant_id = d.tenant_id and x.email_id = d.email_id where d.email_id = $1`,
      values: [parsePublicId('email', email.id)],
    });
    const expiresAt = new Date(deadlines.expiresAt);
    expect(rows).toEqual([{ grace_seconds: 7, expires_at: expiresAt, listed_at: expiresAt }]);
  });

  it('that would expire an email before it is due is refused', async () => {
    const email = await anEmail({ expiresAt: '2027-01-05T10:00:00Z' });
    expect(problemOf(await edit(email, { expiresAt: LATER })).errors).toEqual(['/expiresAt out_of_range']);
    expect(problemOf(await edit(email, { scheduledAt: '2027-01-05T10:00:00Z' })).errors).toEqual([
      '/scheduledAt out_of_range',
    ]);
    expect((await edit(email, { scheduledAt: '2027-01-06T10:00:00Z', expiresAt: null })).status).toBe(200);
  });

  it('of the recipients keeps the copies of those who stay', async () => {
    const email = await anEmail({ to: ['ada@example.com', 'bob@example.com'] });
    const edited = (await edit(email, { to: ['bob@example.com', 'cy@example.com'], bcc: 'dan@example.com' })).body;
    expect(edited.counts).toMatchObject({ total: 3, scheduled: 3 });
    expect(idOf(edited, 'bob@example.com')).toBe(idOf(email, 'bob@example.com'));
    expect(idOf(edited, 'ada@example.com')).toBeUndefined();
    expect(problemOf(await api.get(`/v1/deliveries/${idOf(email, 'ada@example.com')}`))).toMatchObject({ status: 404 });
    expect(await types(email)).toEqual(['email.created', 'delivery.cancelled', 'delivery.scheduled', 'email.updated']);
    expect((await claim(edited, ANY_TIME_MS)).map(({ address }) => address).toSorted()).toEqual([
      'bob@example.com',
      'cy@example.com',
      'dan@example.com',
    ]);
  });

  it('that takes out a recipient who was tried before keeps that copy, cancelled, and may bring the recipient back', async () => {
    const email = await anEmail({ to: ['ada@example.com', 'bob@example.com'], ...now });
    const claimed = await claim(email);
    const bob = claimed.filter(({ address }) => address === 'bob@example.com');
    await work.arm(bob);
    await work.settle(bob, 'retry');
    const without = await edit(email, { to: ['ada@example.com'] });
    expect(without).toMatchObject({ status: 200, body: { counts: { total: 2, scheduled: 1, cancelled: 1 } } });
    const again = await edit(email, { to: ['ada@example.com', 'bob@example.com'] });
    expect(again).toMatchObject({ status: 200, body: { counts: { total: 3, scheduled: 2, cancelled: 1 } } });
  });

  it.each([
    ['the subject', { subject: 'Ho' }],
    ['the time', { scheduledAt: '2027-01-06T09:00:00Z' }],
    ['the tags', { tags: { team: 'billing' } }],
    ['the other recipients', { to: ['ada@example.com', 'bob@example.com', 'cy@example.com'] }],
    ['how the recipient is written', { to: ['Ada <ADA@example.com>', 'bob@example.com'] }],
    ['the role of the recipient', { to: 'bob@example.com', cc: 'ada@example.com' }],
  ])('of %s does not bring back a recipient whose copy was cancelled', async (_, patch) => {
    const email = await anEmail({ to: ['ada@example.com', 'bob@example.com'] });
    const cancelled = idOf(email, 'ada@example.com');
    expect((await api.post(`/v1/deliveries/${cancelled}/cancel`)).status).toBe(200);
    const edited = await edit(email, patch);
    expect(edited.status).toBe(200);
    const copies = edited.body.deliveries.filter(({ to }) => to.toLowerCase().includes('ada@example.com'));
    expect(copies).toEqual([{ id: cancelled, to: 'ada@example.com', status: 'cancelled' }]);
    expect(idOf(edited.body, 'bob@example.com')).toBe(idOf(email, 'bob@example.com'));
  });

  it('that takes out a recipient whose copy was cancelled lets a later one bring the recipient back', async () => {
    const email = await anEmail({ to: ['ada@example.com', 'bob@example.com'] });
    await api.post(`/v1/deliveries/${idOf(email, 'ada@example.com')}/cancel`);
    await edit(email, { to: 'bob@example.com' });
    const again = await edit(email, { to: ['ada@example.com', 'bob@example.com'] });
    expect(again.body.counts).toMatchObject({ total: 3, scheduled: 2, cancelled: 1 });
    const moved = await edit(email, { to: 'bob@example.com', cc: 'ada@example.com' });
    expect(moved.body.counts).toMatchObject({ total: 3, scheduled: 2, cancelled: 1 });
  });

  it('of a queued copy takes it back to scheduled under a new epoch: its work order is worth nothing', async () => {
    const email = await anEmail();
    const old = await claim(email, ANY_TIME_MS);
    expect((await read(email)).status).toBe('queued');
    const edited = (await edit(email, { subject: 'Ho', scheduledAt: null })).body;
    expect(edited.status).toBe('scheduled');
    expect(await epochs(edited)).toEqual([2]);
    await expect(work.arm(old)).rejects.toThrow('1 asked, 0 armed');
    const [again] = await claim(edited);
    expect(again).toMatchObject({ epoch: 3, subject: 'Ho', contentVersion: 2 });
  });

  it('to a time that is past is refused, unless it says so', async () => {
    const email = await anEmail();
    const past = { scheduledAt: '2020-01-05T09:00:00Z' };
    expect(problemOf(await edit(email, past))).toMatchObject({ status: 422, errors: ['/scheduledAt in_past'] });
    expect(await edit(email, { ...past, allowPast: true })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await claim(email)).toHaveLength(1);
  });

  it('under a stale ETag is 412 with the email as it is now', async () => {
    const email = await anEmail();
    expect((await edit(email, { subject: 'a' }, { 'if-match': '"1"' })).status).toBe(200);
    const stale = await edit(email, { subject: 'b' }, { 'if-match': '"1"' });
    expect(problemOf(stale)).toMatchObject({ status: 412, code: 'version_mismatch' });
    expect(stale.body).toMatchObject({ current: { id: email.id, subject: 'a', version: 2 } });
    expect((await edit(email, { subject: 'c' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('by 20 at once under one ETag is made once', async () => {
    const email = await anEmail();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => edit(email, { subject: `${index}` }, { 'if-match': '"1"' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
  });
});

describe('a cancel', () => {
  it('is final; again it is the same 200 and no second event', async () => {
    const email = await anEmail({ to: ['ada@example.com', 'bob@example.com'] });
    const first = await cancel(email);
    expect(first).toMatchObject({
      status: 200,
      body: { status: 'cancelled', cancellation: { cancelled: 2, alreadySent: 0, inFlight: 0, final: true } },
    });
    const history = await types(email);
    expect(await cancel(email)).toMatchObject({ status: 200, body: first.body });
    expect(history).toEqual(['email.created', 'delivery.cancelled', 'delivery.cancelled', 'email.cancelled']);
    expect(await types(email)).toEqual(history);
    expect(problemOf(await edit(email, { subject: 'x' }))).toMatchObject({ status: 409, code: 'already_finished' });
    expect(await claim(email, ANY_TIME_MS)).toEqual([]);
  });

  it('of an email whose copies were cancelled one by one is the same 200, and nothing more happens', async () => {
    const email = await anEmail({ to: ['ada@example.com', 'bob@example.com'] });
    for (const { id } of email.deliveries) await api.post(`/v1/deliveries/${id}/cancel`);
    expect(await cancel(email)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', cancellation: { cancelled: 2, alreadySent: 0, inFlight: 0, final: true } },
    });
    expect(await types(email)).toEqual(['email.created', 'delivery.cancelled', 'delivery.cancelled']);
  });

  it('of a queued copy beats its sender', async () => {
    const email = await anEmail(now);
    const claimed = await claim(email);
    expect((await cancel(email)).body.status).toBe('cancelled');
    await expect(work.arm(claimed)).rejects.toThrow('0 armed');
  });

  it('of an email with a copy gone is partial and says so', async () => {
    const email = await anEmail({ ...now, to: ['ada@example.com', 'bob@example.com'] });
    const [ada] = await claim(email);
    if (!ada) throw new Error('nothing was claimed');
    await work.arm([ada]);
    const inFlight = await cancel(email);
    expect(inFlight.body).toMatchObject({ cancellation: { cancelled: 1, alreadySent: 0, inFlight: 1, final: false } });
    await work.settle([ada], 'sent');
    const after = await cancel(email);
    expect(after.body).toMatchObject({
      status: 'partial',
      cancellation: { cancelled: 1, alreadySent: 1, inFlight: 0, final: true },
    });
  });

  it('of a cancelled email whose last copy waits for a retry can not be undone by an edit', async () => {
    const email = await anEmail({ ...now, to: ['ada@example.com', 'bob@example.com'] });
    const [ada] = await claim(email);
    if (!ada) throw new Error('nothing was claimed');
    await work.arm([ada]);
    await cancel(email);
    await work.settle([ada], 'retry');
    expect(problemOf(await edit(email, { retryForSeconds: 1 }))).toMatchObject({
      status: 409,
      code: 'already_finished',
    });
    expect((await cancel(email)).body).toMatchObject({
      status: 'cancelled',
      cancellation: { cancelled: 2, final: true },
    });
  });

  it('under a stale ETag is 412', async () => {
    const email = await anEmail();
    const path = `/v1/emails/${email.id}/cancel`;
    expect(problemOf(await api.call('POST', path, undefined, { 'if-match': '"9"' }))).toMatchObject({ status: 412 });
    expect((await api.call('POST', path, undefined, { 'if-match': '"1"' })).status).toBe(200);
  });

  it('that waits answers as soon as the copy in flight has come back', async () => {
    const email = await anEmail(now);
    const claimed = await claim(email);
    await work.arm(claimed);
    const waiting = cancel(email, '?wait=10');
    await eventually(async () => expect((await read(email)).status).toBe('sending'), 1_000);
    await work.settle(claimed, 'retry');
    expect((await waiting).body).toMatchObject({ status: 'cancelled', cancellation: { cancelled: 1, final: true } });
  });

  it('of an ambiguous copy is refused, but it is never sent again', async () => {
    const email = await anEmail(now);
    const claimed = await claim(email);
    await work.arm(claimed);
    await work.settle(claimed, 'held');
    expect((await read(email)).status).toBe('sending');
    expect(problemOf(await cancel(email))).toMatchObject({ status: 409, code: 'outcome_unknown' });
    expect(await read(email)).toMatchObject({ status: 'unknown' });
    expect((await types(email)).at(-1)).toBe('delivery.unknown');
  });
});

describe('too late', () => {
  it.each([
    ['in flight', 'armed', 'in_flight'],
    ['sent', 'sent', 'already_sent'],
    ['failed', 'failed', 'already_finished'],
    ['unknown', 'unknown', 'outcome_unknown'],
  ] as const)(
    'when it is %s: 409 for edit and cancel, under all names, with the state and its time',
    async (_what, end, code) => {
      const email = await anEmail(now);
      const claimed = await claim(email);
      await work.arm(claimed);
      if (end !== 'armed') await work.settle(claimed, end);
      const before = await read(email);
      const answers = await Promise.all([
        cancel(email),
        edit(email, { subject: 'Ho' }),
        edit(email, { scheduledAt: '2027-06-01T00:00:00Z' }),
        api.call('DELETE', `/emails/${email.id}`),
        api.call('PUT', `/emails/${email.id}`, { subject: 'Ho' }),
      ]);
      for (const answer of answers) {
        expect(problemOf(answer)).toEqual({ status: 409, code, errors: [] });
        expect(answer.body).toMatchObject({
          current: { status: before.status, at: expect.stringMatching(/^\d{4}-.+Z$/) },
        });
      }
      expect(await read(email)).toEqual(before);
    },
  );

  it('one armed copy closes content and recipients; the time of the others can still be moved', async () => {
    const email = await anEmail({ ...now, to: ['ada@example.com', 'bob@example.com'] });
    const [ada] = await claim(email);
    if (!ada) throw new Error('nothing was claimed');
    await work.arm([ada]);
    for (const patch of [{ subject: 'x' }, { to: ['bob@example.com'] }, { text: 'x' }]) {
      expect(problemOf(await edit(email, patch))).toMatchObject({ status: 409, code: 'in_flight' });
    }
    const moved = await edit(email, { scheduledAt: LATER });
    expect(moved).toMatchObject({ status: 200, body: { scheduledAt: LATER, counts: { sending: 1, scheduled: 1 } } });
  });
});

describe('edits and cancels racing with the gate', () => {
  it('both never win, and nothing is ever a 5xx', async () => {
    const emails = await Promise.all(Array.from({ length: 30 }, () => anEmail(now)));
    const claimed = await work.claim();
    const results = await Promise.all(
      emails.map(async (email, index) => {
        const mine = claimed.filter(({ id }) =>
          email.deliveries.some((copy) => parsePublicId('delivery', copy.id) === id),
        );
        const [armed, changed] = await Promise.all([
          work.arm(mine).then(
            () => true,
            () => false,
          ),
          index % 2 === 0 ? cancel(email) : edit(email, { subject: 'Ho' }),
        ]);
        return { armed, status: changed.status };
      }),
    );
    for (const { armed, status } of results) expect(status).toBe(armed ? 409 : 200);
  });
});
