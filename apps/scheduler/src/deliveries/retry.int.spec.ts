import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId, publicId } from '#domain';
import type { DeliveryView, EmailView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { strangers } from '../testing/strangers.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import { DeliveryResolution, DeliveryRetry } from './delivery.schema.js';
import { RESOLVE_EXAMPLES, RETRY_EXAMPLES } from './examples.js';

/** A person may have sent again what ended badly, and say how ended what nobody knows. */

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

type End = 'sent' | 'failed' | 'unknown' | 'held' | 'retry';

/** An email whose only copy ended so; the copy. */
async function ended(end: End, wish: object = {}): Promise<{ email: EmailView; id: string }> {
  const mail = { to: 'ada@example.com', subject: 'Hi', text: 'It works', ...wish };
  const { body: email } = await api.post<EmailView>('/v1/emails', mail);
  const claimed = (await work.claim()).filter(({ emailId }) => emailId === parsePublicId('email', email.id));
  await work.arm(claimed);
  await work.settle(claimed, end);
  return { email, id: email.deliveries[0]?.id ?? '' };
}
const read = async (id: string) => (await api.get<DeliveryView>(`/v1/deliveries/${id}`)).body;
const retry = (id: string, body?: object, headers = {}) =>
  api.call<DeliveryView>('POST', `/v1/deliveries/${id}/retry`, body, headers);
const resolve = (id: string, as: string, headers = {}) =>
  api.call<DeliveryView>('POST', `/v1/deliveries/${id}/resolve`, { as }, headers);
const query = async (text: string, ...values: unknown[]) => (await work.db.query({ name: '', text, values })).rows;
const events = (id: string) =>
  query(
    'select type, version, actor, data from outbox where delivery_id = $1 order by id',
    parsePublicId('delivery', id),
  );
const dueRows = (id: string) => query('select 1 from due where id = $1', parsePublicId('delivery', id));
const claimAgain = async (id: string) =>
  (await work.claim()).filter((claimed) => claimed.id === parsePublicId('delivery', id));

describe('a retry', () => {
  it('sends a failed delivery again, as a new epoch, with a new budget and its attempts numbered on', async () => {
    const { id } = await ended('failed', { retryForSeconds: 60 });
    await query(
      `update deliveries set first_claimed_at = now() - interval '1 hour', lost_claims = 3 where id = $1`,
      parsePublicId('delivery', id),
    );
    const before = await read(id);
    const answer = await retry(id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${before.version + 1}"`);
    expect(answer.body).toMatchObject({
      status: 'scheduled',
      attempt: 1,
      epoch: before.epoch + 1,
      version: before.version + 1,
      reason: null,
      finishedAt: null,
      lateMs: null,
      possibleDuplicate: false,
    });
    const [again] = await claimAgain(id);
    expect(again).toMatchObject({ attempt: 1, resends: 0 });
    expect(again?.budgetLeftSeconds).toBeGreaterThan(50);
    await work.arm(again ? [again] : []);
    await work.settle(again ? [again] : [], 'sent');
    expect(await read(id)).toMatchObject({ status: 'sent', attempt: 2, attempts: [{ attempt: 1 }, { attempt: 2 }] });
  });

  it('is told once, by whom and from which state', async () => {
    const { id } = await ended('failed');
    const { version, epoch } = (await retry(id)).body;
    expect((await events(id)).at(-1)).toMatchObject({
      type: 'delivery.scheduled',
      version,
      actor: 'system',
      data: { from: 'failed', status: 'scheduled', epoch, reason: null, dueAt: expect.any(String) },
    });
  });

  it('of an unknown one needs the word that a second copy is no harm, and is marked', async () => {
    const { id } = await ended('unknown', { class: 'otp' });
    const refused = await retry(id);
    expect(problemOf(refused)).toMatchObject({ status: 409, code: 'state_conflict' });
    expect(refused.body).toMatchObject({ current: { status: 'unknown' } });
    expect((await retry(id, { confirmUnknown: true })).body).toMatchObject({
      status: 'scheduled',
      possibleDuplicate: true,
    });
    const [again] = await claimAgain(id);
    expect(again).toMatchObject({ resends: 1, possibleDuplicate: true });
  });

  it('of what may have arrived does not end as cancelled', async () => {
    const { id } = await ended('unknown');
    await retry(id, { confirmUnknown: true });
    expect(problemOf(await api.post(`/v1/deliveries/${id}/cancel`)).code).toBe('outcome_unknown');
    expect(await read(id)).toMatchObject({ status: 'unknown', reason: 'ambiguous' });
  });

  it('waits for the resume of a paused email', async () => {
    const email = (await api.post<EmailView>('/v1/emails', { to: ['a@b.test', 'c@b.test'], subject: 'x', text: 'x' }))
      .body;
    const claimed = (await work.claim())
      .filter(({ emailId }) => emailId === parsePublicId('email', email.id))
      .slice(0, 1);
    await work.arm(claimed);
    await work.settle(claimed, 'failed');
    await api.post(`/v1/emails/${email.id}/pause`);
    const failed = (await api.get<EmailView>(`/v1/emails/${email.id}`)).body.deliveries.find(
      ({ status }) => status === 'failed',
    );
    const id = failed?.id ?? '';
    expect((await retry(id)).body.status).toBe('scheduled');
    expect(await dueRows(id)).toEqual([]);
    await api.post(`/v1/emails/${email.id}/resume`);
    expect(await dueRows(id)).toHaveLength(1);
  });

  it('closes the dead letter of its delivery', async () => {
    const { id, email } = await ended('failed');
    await query(
      `insert into dead_letters (tenant_id, id, mode, kind, reason, delivery_id, email_id, attempts)
        select tenant_id, gen_random_uuid(), mode, 'delivery', 'time_budget_spent', id, email_id, 1 from deliveries where id = $1`,
      parsePublicId('delivery', id),
    );
    await retry(id);
    expect(
      await query('select status, closed_by from dead_letters where email_id = $1', parsePublicId('email', email.id)),
    ).toEqual([{ status: 'redriven', closed_by: 'system' }]);
  });

  it.each(['sent', 'held', 'retry'] as const)('is refused for what is %s', async (end) => {
    const { id } = await ended(end);
    const before = await read(id);
    expect(problemOf(await retry(id, { confirmUnknown: true }))).toMatchObject({ status: 409, code: 'state_conflict' });
    expect(await read(id)).toEqual(before);
  });

  it('is refused for a cancelled email, and for one that has expired', async () => {
    const [cancelled, expired] = [await ended('failed'), await ended('failed')];
    await query('update emails set tombstone_at = now() where id = $1', parsePublicId('email', cancelled.email.id));
    await query(
      `update deliveries set expires_at = now() - interval '1 s' where id = $1`,
      parsePublicId('delivery', expired.id),
    );
    for (const { id } of [cancelled, expired]) expect(problemOf(await retry(id)).code).toBe('state_conflict');
  });

  it('repeated under its key is the same, and without one a conflict', async () => {
    const { id } = await ended('failed');
    const first = await retry(id, {}, { 'idempotency-key': 'retry-1' });
    const again = await retry(id, {}, { 'idempotency-key': 'retry-1' });
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(problemOf(await retry(id)).code).toBe('state_conflict');
    expect((await events(id)).filter(({ type }) => type === 'delivery.scheduled')).toHaveLength(1);
  });

  it('that races with a cancel of its email leaves nothing that would be sent', async () => {
    for (let round = 0; round < 8; round += 1) {
      const mail = { to: ['a@race.test', 'b@race.test'], subject: 'x', text: 'x' };
      const { body: email } = await api.post<EmailView>('/v1/emails', mail);
      const claimed = (await work.claim()).filter(({ emailId }) => emailId === parsePublicId('email', email.id));
      await work.arm(claimed.slice(0, 1));
      await work.settle(claimed.slice(0, 1), 'failed');
      const id = publicId('delivery', claimed[0]?.id ?? '');
      const [retried, cancelled] = await Promise.all([retry(id), api.post(`/v1/emails/${email.id}/cancel`)]);
      expect(cancelled.status).toBe(200);
      expect((await read(id)).status).toBe(retried.status === 200 ? 'cancelled' : 'failed');
      expect(await dueRows(id)).toEqual([]);
    }
  });

  it('asked twice at once happens once', async () => {
    const { id } = await ended('failed');
    const answers = await Promise.all([retry(id), retry(id), retry(id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await dueRows(id)).toHaveLength(1);
  });
});

describe('a resolution', () => {
  it.each(['sent', 'failed'] as const)(
    'as %s ends an unknown delivery, and its attempt stays on record',
    async (as) => {
      const { id } = await ended('unknown');
      const before = await read(id);
      const answer = await resolve(id, as);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ status: as, reason: 'resolved_by_user', version: before.version + 1 });
      expect((await events(id)).at(-1)).toMatchObject({
        type: `delivery.${as}`,
        version: before.version + 1,
        data: { from: 'unknown', reason: 'resolved_by_user' },
      });
      expect(
        await query('select outcome, resolved_by from attempts where delivery_id = $1', parsePublicId('delivery', id)),
      ).toEqual([{ outcome: 'unknown', resolved_by: 'resolved_by_user' }]);
      expect(problemOf(await resolve(id, as)).code).toBe('state_conflict');
    },
  );

  it('as resend sends it once more, also what is at_most_once', async () => {
    const { id } = await ended('unknown', { onUnknown: 'at_most_once' });
    expect((await resolve(id, 'resend')).body).toMatchObject({ status: 'scheduled', possibleDuplicate: true });
    expect(await claimAgain(id)).toHaveLength(1);
  });

  it('is refused for what is not unknown', async () => {
    for (const end of ['failed', 'sent', 'held'] as const) {
      const { id } = await ended(end);
      expect(problemOf(await resolve(id, 'sent'))).toMatchObject({ status: 409, code: 'state_conflict' });
    }
  });

  it.each([
    [{}, '/as required'],
    [{ as: 'lost' }, '/as unknown_value'],
    [{ as: 'sent', why: 'x' }, '/why unknown_field'],
  ])('%j is refused', async (body, error) => {
    const { id } = await ended('unknown');
    expect(problemOf(await api.post(`/v1/deliveries/${id}/resolve`, body)).errors).toEqual([error]);
  });
});

describe('both', () => {
  it.each(['retry', 'resolve'])('%s honours If-Match', async (action) => {
    const { id } = await ended('unknown');
    const body = action === 'retry' ? { confirmUnknown: true } : { as: 'sent' };
    const path = `/v1/deliveries/${id}/${action}`;
    expect(problemOf(await api.call('POST', path, body, { 'if-match': '"99"' })).code).toBe('version_mismatch');
    const { version } = await read(id);
    expect((await api.call('POST', path, body, { 'if-match': `"${version}"` })).status).toBe(200);
  });

  it('are 404 for strangers, wrong prefixes and what does not exist', async () => {
    const { id, email } = await ended('unknown');
    for (const [action, body] of [
      ['retry', {}],
      ['resolve', { as: 'sent' }],
    ] as const) {
      for (const other of others) {
        expect(problemOf(await other.post(`/v1/deliveries/${id}/${action}`, body)).code).toBe('not_found');
      }
      expect(problemOf(await api.post(`/v1/deliveries/${email.id}/${action}`, body)).code).toBe('not_found');
    }
  });

  it.each(Object.entries(RETRY_EXAMPLES))('the example %s of a retry is understood', (_, { value }) => {
    expect(DeliveryRetry.safeParse(value)).toMatchObject({ success: true });
  });
  it.each(Object.entries(RESOLVE_EXAMPLES))('the example %s of a resolution is understood', (_, { value }) => {
    expect(DeliveryResolution.safeParse(value)).toMatchObject({ success: true });
  });
});
