import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { EmailView, JobView, ListView } from '#http';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import { BatchRequest } from './batch.schema.js';
import { BATCH_EXAMPLES } from './examples.js';

/** Many emails in one call: stored together or not at all, and watched as one job. */

interface Batch extends JobView {
  readonly items: readonly {
    readonly index: number;
    readonly id: string | null;
    readonly status: string;
    readonly errors?: readonly { readonly pointer: string; readonly code: string }[];
  }[];
}

const LATER = '2027-01-05T09:00:00Z';
const mail = (wish: object = {}) => ({
  to: 'ada@example.com',
  subject: 'Hi',
  text: 'It works',
  scheduledAt: LATER,
  ...wish,
});

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

const send = (emails: readonly object[], rest: object = {}, key?: string) =>
  api.call<Batch>('POST', '/v1/emails/batch', { emails, ...rest }, key === undefined ? {} : { 'idempotency-key': key });
const countEmails = async (): Promise<number> => {
  const { rows } = await work.db.query<{ n: number }>({
    name: '',
    text: 'select count(*)::int as n from emails',
    values: [],
  });
  return rows[0]?.n ?? 0;
};
const getJob = async (id: string) => (await api.get<JobView>(`/v1/jobs/${id}`)).body;

describe('a strict batch', () => {
  it('is stored as one job whose items are the emails in their order', async () => {
    const answer = await send([mail(), mail({ to: ['bob@example.com', 'cy@example.com'], ownerId: '7' })]);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${answer.body.id}`);
    expect(answer.body).toMatchObject({ object: 'job', kind: 'batch', status: 'scheduled', total: 3, ownerId: null });
    expect(answer.body.items).toEqual([
      { index: 0, id: expect.stringMatching(/^em_/), status: 'created' },
      { index: 1, id: expect.stringMatching(/^em_/), status: 'created' },
    ]);
    const second = await api.get<EmailView>(`/v1/emails/${answer.body.items[1]?.id}`);
    expect(second.body).toMatchObject({ ownerId: '7', to: ['bob@example.com', 'cy@example.com'] });
  });

  it('with one wrong email is refused whole, with a pointer at every fault', async () => {
    const before = await countEmails();
    const answer = await send([
      mail(),
      mail({ to: 'nobody' }),
      mail({ colour: 'red' }),
      mail({ scheduledAt: '2020-01-01T00:00:00Z' }),
      mail({ text: undefined }),
      'no object',
    ] as object[]);
    expect(problemOf(answer)).toEqual({
      status: 422,
      code: 'validation_failed',
      errors: [
        '/emails/1/to bad_address',
        '/emails/2/colour unknown_field',
        '/emails/3/scheduledAt in_past',
        '/emails/4/text required',
        '/emails/5 bad_type',
      ],
    });
    expect(await countEmails()).toBe(before);
  });

  it('of 1,000 is taken in one go', async () => {
    await send([mail()]);
    const emails = Array.from({ length: 1_000 }, (_, n) => mail({ to: `r${n}@example.com`, subject: `n-${n}` }));
    const begun = performance.now();
    const answer = await send(emails);
    const tookMs = performance.now() - begun;
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ total: 1_000, counts: { scheduled: 1_000 } });
    expect(tookMs).toBeLessThan(10_000); // alone it takes a quarter of a second; what is quadratic takes a minute
  });

  it.each([
    ['no emails', { emails: [] }, '/emails too_short'],
    ['too many', { emails: Array.from({ length: 1_001 }, () => 1) }, '/emails too_many'],
    ['another mode', { emails: [mail()], mode: 'lax' }, '/mode unknown_value'],
    ['an unknown field', { emails: [mail()], dryRun: true }, '/dryRun unknown_field'],
    ['a key that is none', { emails: [mail({ idempotencyKey: 'ä' })] }, '/emails/0/idempotencyKey bad_format'],
  ])('with %s is refused', async (_, body, error) => {
    const answer = await api.post('/v1/emails/batch', body);
    expect(problemOf(answer)).toMatchObject({ status: 422, code: 'validation_failed', errors: [error] });
  });

  it('understands the example of its documentation', () => {
    expect(BatchRequest.safeParse(BATCH_EXAMPLES.two.value)).toMatchObject({ success: true });
  });
});

describe('a permissive batch', () => {
  it('takes the good ones and lists the others with what is wrong', async () => {
    const { status, body } = await send([mail(), mail({ to: 'nobody' }), mail()], { mode: 'permissive' });
    expect(status).toBe(202);
    expect(body.total).toBe(2);
    expect(body.items.map((item) => item.status)).toEqual(['created', 'rejected', 'created']);
    expect(body.items[1]).toMatchObject({ id: null, errors: [{ pointer: '/emails/1/to', code: 'bad_address' }] });
  });

  it('of nothing but wrong ones is a job without emails, completed at once', async () => {
    const { status, body } = await send([mail({ to: 'nobody' })], { mode: 'permissive' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'completed', total: 0, progress: 1 });
  });
});

describe('keys', () => {
  it('of a batch: repeated it does nothing and gets its answer again', async () => {
    const first = await send([mail()], {}, 'batch-1');
    const again = await send([mail()], {}, 'batch-1');
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(problemOf(await send([mail({ subject: 'Other' })], {}, 'batch-1')).code).toBe('idempotency_key_reused');
  });

  it('of items: an email that was created before, alone or in a batch, is replayed', async () => {
    const alone = await api.call<EmailView>('POST', '/v1/emails', mail(), { 'idempotency-key': 'item-1' });
    const first = await send([
      mail({ idempotencyKey: 'item-1' }),
      mail({ idempotencyKey: 'item-2' }),
      mail({ idempotencyKey: 'item-2' }),
    ]);
    expect(first.body.items.map(({ status }) => status)).toEqual(['replayed', 'created', 'replayed']);
    expect(first.body.items[0]?.id).toBe(alone.body.id);
    expect(first.body.items[2]?.id).toBe(first.body.items[1]?.id);
    expect(first.body.total).toBe(1);
    const again = await api.call<EmailView>('POST', '/v1/emails', mail(), { 'idempotency-key': 'item-2' });
    expect(again.body.id).toBe(first.body.items[1]?.id);
  });

  it('of items: for another email are refused', async () => {
    await send([mail({ idempotencyKey: 'item-3' })]);
    const other = mail({ idempotencyKey: 'item-3', subject: 'Other' });
    expect(problemOf(await send([other])).errors).toEqual(['/emails/0/idempotencyKey conflict']);
    const { body } = await send([mail(), other], { mode: 'permissive' });
    expect(body.items.map(({ status }) => status)).toEqual(['created', 'rejected']);
  });

  it('of items: two batches at once create one email', async () => {
    const batch = [mail({ idempotencyKey: 'race-1' }), mail({ idempotencyKey: 'race-2' })];
    const answers = await Promise.all([send(batch), send(batch), send(batch)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body.items.map(({ id }) => id).join(' '))).size).toBe(1);
    expect(answers.flatMap(({ body }) => body.items).filter(({ status }) => status === 'created')).toHaveLength(2);
  });
});

describe('the job of a batch', () => {
  it('is shown with the counts of its copies, and ends when the last of them does', async () => {
    const { body } = await send([now(), now(), now()]);
    const mine = await claimOf(body);
    expect(mine).toHaveLength(3);
    expect(await getJob(body.id)).toMatchObject({ status: 'running', counts: { total: 3, queued: 3 } });
    await work.arm(mine);
    await work.settle(mine.slice(0, 2), 'sent');
    expect(await getJob(body.id)).toMatchObject({ status: 'running', progress: 0.667, finishedAt: null });
    await work.settle(mine.slice(2), 'failed');
    const end = await getJob(body.id);
    expect(end).toMatchObject({ status: 'completed_with_errors', progress: 1, counts: { sent: 2, failed: 1 } });
    expect(end.finishedAt).not.toBeNull();
    expect(end.topFailures).toEqual([{ reason: 'smtp_permanent', code: null, count: 1 }]);
    const failures = await api.get<ListView<unknown>>(`/v1/jobs/${body.id}/failures`);
    expect(failures.body.data).toEqual(end.topFailures);
  });

  it('lists its deliveries page by page', async () => {
    const { body } = await send([mail(), mail({ to: ['bob@example.com', 'cy@example.com'] }), mail()]);
    const first = await api.get<ListView<{ id: string }>>(`/v1/jobs/${body.id}/deliveries?limit=3`);
    const rest = await api.get<ListView<{ id: string }>>(
      `/v1/jobs/${body.id}/deliveries?limit=3&after=${first.body.nextCursor}`,
    );
    expect(first.body.data).toHaveLength(3);
    expect(rest.body).toMatchObject({ hasMore: false, nextCursor: null });
    const all = [...first.body.data, ...rest.body.data].map(({ id }) => id);
    expect(new Set(all).size).toBe(4);
  });

  it('is found in the list by kind, owner and state', async () => {
    const { body } = await send([mail({ ownerId: 'list-1' })]);
    const list = async (query: string) =>
      (await api.get<ListView<JobView>>(`/v1/jobs?${query}`)).body.data.map(({ id }) => id);
    expect(await list('ownerId=list-1&kind=batch&active=true')).toEqual([body.id]);
    expect(await list('ownerId=list-1&status=scheduled')).toEqual([body.id]);
    expect(await list('ownerId=list-1&kind=bulk')).toEqual([]);
    expect(await list('ownerId=list-1&active=false')).toEqual([]);
    expect(problemOf(await api.get('/v1/jobs?colour=red')).errors).toEqual(['?colour unknown_field']);
  });

  it.each(['job_0000000000000000000000zzzz', 'em_01m8rf20g6ekd9jbb81k6sxq3w', 'job_01m8rf20g6ekd9jbb81k6sxq3w'])(
    '%s is no job',
    async (id) => {
      expect(problemOf(await api.get(`/v1/jobs/${id}`))).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  it('tells its progress and its end once', async () => {
    const { body } = await send([now()]);
    const told = async () => {
      const text = `select o.type, o.data from outbox o where o.key = $1 order by o.id`;
      const { rows } = await work.db.query<{ type: string; data: JobView }>({ name: '', text, values: [body.id] });
      return rows;
    };
    await eventually(async () => expect(await told()).toHaveLength(1), 5_000);
    const mine = await claimOf(body);
    await work.arm(mine);
    await work.settle(mine, 'failed');
    await tellOf(mine);
    await eventually(async () => expect((await told()).at(-1)?.type).toBe('job.completed'), 5_000);
    const events = await told();
    expect(events.map(({ type }) => type)).toEqual(['job.progress', 'job.progress', 'job.completed']);
    expect(events[1]?.data).toMatchObject({ jobId: body.id, status: 'completed_with_errors', counts: { failed: 1 } });
    expect(await getJob(body.id)).toMatchObject({ status: 'completed_with_errors' });
  });
});

/** Events as the sender writes them when it settles: the statements that the spec uses tell nothing. */
async function tellOf(copies: readonly { readonly id: string }[]): Promise<void> {
  const text = `insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
    select gen_random_uuid(), tenant_id, mode, 'email.status.v1', id::text, 'delivery.sent', 1, 'spec', 'system', email_id, id, version, '{}', clock_now()
    from deliveries where id = any ($1::uuid[])`;
  await work.db.query({ name: 'tell-of', text, values: [copies.map(({ id }) => id)] });
}

const now = () => mail({ scheduledAt: undefined });
const claimOf = async (batch: Batch) => (await work.claim()).filter(({ emailId }) => ids(batch).includes(emailId));

const ids = ({ items }: Batch): string[] => items.flatMap(({ id }) => (id === null ? [] : [uuidOf(id)]));

function uuidOf(id: string): string {
  const found = parsePublicId('email', id);
  if (!found) throw new Error(`${id} is no email id`);
  return found;
}
