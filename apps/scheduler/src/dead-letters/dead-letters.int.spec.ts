import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId, publicId } from '#domain';
import type { DeadLetterListItem, DeadLetterView, DeliveryView, EmailView, JobView, ListView } from '#http';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { strangers } from '../testing/strangers.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import { Discard, RedriveRequest } from './dead-letter.schema.js';
import { DISCARD_EXAMPLES, REDRIVE_EXAMPLES } from './examples.js';
import type { RedrivePreview } from './redrive.js';

/** What nobody could send is listed, sent again by id or filter, or discarded; nothing is sent twice. */

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

const query = async <Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await work.db.query<Row & Record<string, unknown>>({ name: '', text, values })).rows;

/** Emails whose copies failed and were put aside for `reason`; their dead letters, oldest first. */
async function buried(count: number, reason: string, wish: object = {}): Promise<DeadLetterListItem[]> {
  const emails: EmailView[] = [];
  for (let i = 0; i < count; i += 1) {
    const mail = { to: 'ada@example.com', subject: 'Hi', text: 'It works', ...wish };
    emails.push((await api.post<EmailView>('/v1/emails', mail)).body);
  }
  const ids = emails.map(({ id }) => parsePublicId('email', id));
  const claimed = (await work.claim()).filter(({ emailId }) => ids.includes(emailId));
  await work.arm(claimed);
  await work.settle(claimed, 'failed');
  await query(
    `insert into dead_letters (tenant_id, id, mode, kind, reason, delivery_id, email_id, job_id, attempts, error, conversation)
      select d.tenant_id, uuidv7(), d.mode, 'delivery', $2, d.id, d.email_id, e.job_id, 3, '451 4.3.0 try later', array['> RCPT', '< 451']
      from deliveries d join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
      where d.email_id = any ($1::uuid[]) order by d.id`,
    ids,
    reason,
  );
  return (await list(`reason=${reason}&limit=100`)).data.toReversed();
}
const list = async (filter: string) => (await api.get<ListView<DeadLetterListItem>>(`/v1/dead-letters?${filter}`)).body;
const read = async (id: string) => (await api.get<DeadLetterView>(`/v1/dead-letters/${id}`)).body;
const redrive = <Body = JobView>(body: object, headers = {}) =>
  api.call<Body>('POST', '/v1/dead-letters/redrive', body, headers);
const dryRun = async (body: object) => (await redrive<RedrivePreview>(body)).body;
const delivery = async ({ deliveryId }: DeadLetterListItem) =>
  (await api.get<DeliveryView>(`/v1/deliveries/${deliveryId}`)).body;

async function end({ id }: JobView): Promise<JobView> {
  let job: JobView | undefined;
  await eventually(async () => {
    job = (await api.get<JobView>(`/v1/jobs/${id}`)).body;
    expect(job.finishedAt).not.toBeNull();
  }, 60_000);
  if (!job) throw new Error('there is no job');
  return job;
}

let offset = 6;
/** A record that nobody could read; its public id. */
async function aRecord(): Promise<string> {
  const [row] = await query<{ id: string }>(
    `insert into dead_letters (tenant_id, id, mode, kind, reason, attempts, topic, partition, record_offset, record_ms, payload)
      select id, uuidv7(), 'test', 'record', 'unreadable', 1, 'email.delivery.bulk.v1', 3, $1, 1, '\\x00ff' from tenants where name = 'dev'
      returning id`,
    (offset += 1),
  );
  return publicId('dead_letter', row?.id ?? '');
}

describe('dead letters', () => {
  it('are listed newest first without payloads, and shown whole one by one', async () => {
    const letters = await buried(3, 'time_budget_spent');
    const page = await list('reason=time_budget_spent&limit=2');
    expect(page.data).toEqual(letters.toReversed().slice(0, 2));
    const rest = await list(`reason=time_budget_spent&limit=2&after=${page.nextCursor}`);
    expect(rest.data).toEqual(letters.slice(0, 1));
    const [letter] = letters;
    expect(await read(letter?.id ?? '')).toEqual({
      object: 'dead_letter',
      id: letter?.id,
      kind: 'delivery',
      reason: 'time_budget_spent',
      status: 'open',
      deliveryId: expect.stringMatching(/^dl_/),
      emailId: expect.stringMatching(/^em_/),
      jobId: null,
      attempts: 3,
      error: '451 4.3.0 try later',
      conversation: ['> RCPT', '< 451'],
      topic: null,
      partition: null,
      offset: null,
      payload: null,
      createdAt: expect.stringMatching(/Z$/),
      closedAt: null,
      closedBy: null,
      discardReason: null,
    });
    const record = await aRecord();
    expect(await read(record)).toMatchObject({ kind: 'record', offset: 7, partition: 3, payload: 'AP8=' });
  });

  it('are found by kind, state, email and time', async () => {
    const [letter] = await buried(1, 'found');
    const record = await aRecord();
    const ids = async (filter: string) => (await list(filter)).data.map(({ id }) => id);
    expect(await ids(`emailId=${letter?.emailId}`)).toEqual([letter?.id]);
    expect(await ids(`reason=found&from=${letter?.createdAt}`)).toEqual([letter?.id]);
    expect(await ids(`reason=found&to=${letter?.createdAt}`)).toEqual([]);
    expect(await ids('reason=found&status=discarded&status=redriven')).toEqual([]);
    expect((await ids('kind=record&limit=1'))[0]).toBe(record);
  });

  it.each([
    ['colour=red', '?colour unknown_field'],
    ['kind=odd', '?kind unknown_value'],
    ['jobId=em_1', '?jobId bad_format'],
    ['after=a&before=b', '?before conflict'],
  ])('are not listed by %s', async (filter, error) => {
    expect(problemOf(await api.get(`/v1/dead-letters?${filter}`)).errors).toEqual([error]);
  });

  it('of others are not found and not listed, nor redriven or discarded', async () => {
    const [letter] = await buried(1, 'mine');
    const id = letter?.id ?? '';
    for (const other of others) {
      expect((await other.get<ListView<unknown>>('/v1/dead-letters?reason=mine')).body.data).toEqual([]);
      expect(problemOf(await other.get(`/v1/dead-letters/${id}`)).code).toBe('not_found');
      expect(problemOf(await other.post(`/v1/dead-letters/${id}/discard`, { reason: 'x' })).code).toBe('not_found');
      const preview = await other.post('/v1/dead-letters/redrive', { ids: [id] });
      expect(preview.body).toMatchObject({ matched: 0, blocked: [{ id, why: 'not_found' }] });
    }
    expect(problemOf(await api.get(`/v1/dead-letters/${letter?.emailId}`)).code).toBe('not_found');
    expect(problemOf(await api.get('/v1/dead-letters?after=x')).code).toBe('bad_cursor');
  });
});

describe('a discard', () => {
  it('closes a dead letter with its reason; it stays listed, and repeated it is the same', async () => {
    const [letter] = await buried(1, 'discard_me');
    const path = `/v1/dead-letters/${letter?.id}/discard`;
    const first = await api.post<DeadLetterView>(path, { reason: 'nobody wants it' });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ status: 'discarded', discardReason: 'nobody wants it', closedBy: 'system' });
    expect((await api.post(path, { reason: 'another' })).body).toEqual(first.body);
    expect((await list('reason=discard_me')).data).toHaveLength(1);
  });

  it('of what was redriven is refused', async () => {
    const [letter] = await buried(1, 'too_late');
    await api.post(`/v1/deliveries/${letter?.deliveryId}/retry`);
    const answer = await api.post(`/v1/dead-letters/${letter?.id}/discard`, { reason: 'x' });
    expect(problemOf(answer)).toMatchObject({ status: 409, code: 'state_conflict' });
  });

  it.each([
    [{}, '/reason required'],
    [{ reason: '' }, '/reason too_short'],
    [{ reason: 'a\r\nb' }, '/reason injection'],
  ])('%j is refused', async (body, error) => {
    const id = await aRecord();
    expect(problemOf(await api.post(`/v1/dead-letters/${id}/discard`, body)).errors).toEqual([error]);
  });
});

describe('a redrive', () => {
  it('is dry by default: it says what it would do and why not the rest, and does nothing', async () => {
    const letters = await buried(4, 'dry');
    const [discarded, sentAgain, cancelled, good] = letters;
    await api.post(`/v1/dead-letters/${discarded?.id}/discard`, { reason: 'x' });
    await api.post(`/v1/deliveries/${sentAgain?.deliveryId}/retry`);
    await query(
      'update emails set tombstone_at = now() where id = $1',
      parsePublicId('email', cancelled?.emailId ?? ''),
    );
    const record = await aRecord();
    const ids = [...letters.map(({ id }) => id), record];
    const preview = await dryRun({ ids });
    expect(preview).toMatchObject({ matched: 5, byReason: { dry: 4, unreadable: 1 } });
    const blocked = Object.fromEntries(preview.blocked.map(({ id, why }) => [id, why]));
    expect(blocked).toEqual({
      [discarded?.id ?? '']: 'discarded',
      [sentAgain?.id ?? '']: 'redriven',
      [cancelled?.id ?? '']: 'email_cancelled',
      [record]: 'not_a_delivery',
    });
    expect(await dryRun({ filter: { reason: 'dry' } })).toMatchObject({ matched: 2, byReason: { dry: 2 } });
    expect((await read(good?.id ?? '')).status).toBe('open');
  });

  it('by filter sends all of them again, once, and closes them with it', async () => {
    const letters = await buried(120, 'wave');
    const answer = await redrive({ filter: { reason: 'wave' }, dryRun: false });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${answer.body.id}`);
    expect(await end(answer.body)).toMatchObject({
      kind: 'redrive',
      status: 'completed',
      counts: null,
      rows: { total: 120, done: 120, ok: 120, rejected: 0 },
      result: { redriven: 120 },
    });
    expect((await list('reason=wave&status=open')).data).toEqual([]);
    const [first] = letters;
    expect(first && (await delivery(first))).toMatchObject({
      status: 'scheduled',
      attempt: 1,
      possibleDuplicate: false,
    });
    const claimed = await work.claim();
    expect(claimed).toHaveLength(120);
    const again = await end((await redrive({ filter: { reason: 'wave' }, dryRun: false })).body);
    expect(again).toMatchObject({ status: 'completed', rows: { total: 0 } });
  });

  it('by ids leaves what cannot be sent, and says why', async () => {
    const [letter] = await buried(1, 'picked');
    const record = await aRecord();
    const unknown = publicId('dead_letter', '0193e0f0-0406-7333-a4b5-6e8043366e78');
    const job = await end((await redrive({ ids: [letter?.id, letter?.id, record, unknown], dryRun: false })).body);
    expect(job).toMatchObject({ rows: { total: 3, done: 3, ok: 1, rejected: 2 }, result: { redriven: 1 } });
    const failures = await api.get<ListView<{ reason: string }>>(`/v1/jobs/${job.id}/failures`);
    expect(failures.body.data.map(({ reason }) => reason).toSorted()).toEqual(['not_a_delivery', 'not_found']);
  });

  it('of a batch opens its job again', async () => {
    const mail = { to: 'ada@example.com', subject: 'Hi', text: 'x' };
    const { body: batch } = await api.post<JobView & { items: { id: string }[] }>('/v1/emails/batch', {
      emails: [mail],
    });
    const claimed = (await work.claim()).filter(
      ({ emailId }) => emailId === parsePublicId('email', batch.items[0]?.id ?? ''),
    );
    await work.arm(claimed);
    await work.settle(claimed, 'failed');
    await query(
      `insert into dead_letters (tenant_id, id, mode, kind, reason, delivery_id, email_id, attempts)
        select tenant_id, uuidv7(), mode, 'delivery', 'of_batch', id, email_id, 1 from deliveries where id = $1`,
      claimed[0]?.id,
    );
    await end((await redrive({ filter: { reason: 'of_batch' }, dryRun: false })).body);
    expect((await api.get<JobView>(`/v1/jobs/${batch.id}`)).body).toMatchObject({
      status: 'scheduled',
      finishedAt: null,
      counts: { scheduled: 1, failed: 0 },
    });
  });

  it('repeated under its key is the same job', async () => {
    await buried(1, 'keyed');
    const body = { filter: { reason: 'keyed' }, dryRun: false };
    const first = await redrive(body, { 'idempotency-key': 'redrive-1' });
    expect((await redrive(body, { 'idempotency-key': 'redrive-1' })).text).toBe(first.text);
  });

  it.each([
    [{}, '/filter required'],
    [{ filter: {} }, '/filter required'],
    [{ filter: { all: true, reason: 'x' } }, '/filter conflict'],
    [{ filter: { colour: 'red' } }, '/filter/colour unknown_field'],
    [{ ids: [] }, '/ids too_short'],
    [{ ids: ['em_1'] }, '/ids/0 bad_format'],
    [{ ids: ['dlt_0004zq15f3bd1dgbzv8h9s4n7z'], filter: { all: true } }, '/filter conflict'],
    [{ filter: { all: true }, dryRun: 'no' }, '/dryRun bad_type'],
  ])('%j is refused', async (body, error) => {
    expect(problemOf(await redrive(body)).errors).toContain(error);
  });
});

describe('of the documentation', () => {
  it.each(Object.entries(REDRIVE_EXAMPLES))('the redrive %s is understood', (_, { value }) => {
    expect(RedriveRequest.safeParse(value)).toMatchObject({ success: true });
  });
  it.each(Object.entries(DISCARD_EXAMPLES))('the discard %s is understood', (_, { value }) => {
    expect(Discard.safeParse(value)).toMatchObject({ success: true });
  });
});
