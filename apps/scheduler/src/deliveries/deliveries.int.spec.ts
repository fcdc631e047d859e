import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId, PROVIDER_DOWN } from '#domain';
import type { DeliveryView, EmailView, ExplanationView, ListView } from '#http';
import { Api, eventually, type ApiAnswer, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { strangers } from '../testing/strangers.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';

/** Deliveries are found by what is known of them, and each says why it has not been sent yet. */

type Page = ListView<DeliveryView>;
const WISH = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt: '2027-01-05T09:00:00Z' };

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

const create = async (wish: object = {}) => (await api.post<EmailView>('/v1/emails', { ...WISH, ...wish })).body;
const list = async (query: string) => (await api.get<Page>(`/v1/deliveries?${query}`)).body;
const ids = ({ data }: Page) => data.map(({ id }) => id);
const copyOf = ({ deliveries }: EmailView) => deliveries[0]?.id ?? '';
const claimOf = async ({ id }: EmailView, lookAheadMs = 0) =>
  (await work.claim(lookAheadMs)).filter(({ emailId }) => emailId === parsePublicId('email', id));
const change = (email: EmailView, set: string, ...values: unknown[]) =>
  work.db.query({
    name: '',
    text: `update deliveries set ${set} where email_id = $1`,
    values: [parsePublicId('email', email.id), ...values],
  });

/** All pages, by the links in the headers. */
async function walk(query: string): Promise<string[]> {
  const found: string[] = [];
  let path: string | undefined = `/v1/deliveries?${query}`;
  while (path) {
    const page: ApiAnswer<Page> = await api.get<Page>(path);
    found.push(...ids(page.body));
    path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
  return found;
}

describe('the list of deliveries', () => {
  it('is newest first, page by page, there and back, and stable while deliveries arrive', async () => {
    const to = 'pages@example.com';
    const copies: string[] = [];
    for (let i = 0; i < 5; i += 1) copies.push(copyOf(await create({ to })));
    const first = await list(`to=${to}&limit=2`);
    await create({ to });
    const second = await list(`to=${to}&limit=2&after=${first.nextCursor}`);
    expect([...ids(first), ...ids(second)]).toEqual(copies.toReversed().slice(0, 4));
    expect(ids(await list(`to=${to}&limit=2&before=${second.prevCursor}`))).toEqual(ids(first));
    expect((await walk(`to=${to}&limit=2`)).slice(1)).toEqual(copies.toReversed());
  });

  it('shows deliveries as they are shown one by one', async () => {
    const email = await create({ to: 'one@example.com' });
    const { body } = await api.get(`/v1/deliveries/${copyOf(email)}`);
    expect((await list(`emailId=${email.id}`)).data).toEqual([body]);
  });

  it('is narrowed by recipient in any case, state, time, email and job', async () => {
    const [bob, cy] = [await create({ to: 'Bob <Bob@filter.test>' }), await create({ to: 'cy@filter.test' })];
    await api.post(`/v1/emails/${cy.id}/cancel`);
    expect(ids(await list('to=bob@FILTER.test'))).toEqual([copyOf(bob)]);
    expect(ids(await list(`emailId=${cy.id}&status=cancelled&status=failed`))).toEqual([copyOf(cy)]);
    expect(ids(await list(`emailId=${cy.id}&status=scheduled`))).toEqual([]);
    expect(ids(await list(`emailId=${bob.id}&dueFrom=${WISH.scheduledAt}`))).toEqual([copyOf(bob)]);
    expect(ids(await list(`emailId=${bob.id}&dueTo=${WISH.scheduledAt}`))).toEqual([]);
    const batch = await api.post<{ id: string; items: { id: string }[] }>('/v1/emails/batch', { emails: [WISH, WISH] });
    const ofJob = await list(`jobId=${batch.body.id}`);
    expect(ofJob.data.map(({ jobId }) => jobId)).toEqual([batch.body.id, batch.body.id]);
    expect(ids(await list(`jobId=${batch.body.id}&emailId=${bob.id}`))).toEqual([]);
    const [item] = batch.body.items;
    expect((await list(`jobId=${batch.body.id}&emailId=${item?.id}`)).data).toHaveLength(1);
  });

  it('is narrowed by provider and by possible duplicates', async () => {
    const email = await create({ scheduledAt: undefined, to: 'dup@example.com' });
    const claimed = await claimOf(email);
    await work.arm(claimed);
    await change(email, `possible_duplicate = true`);
    const [found] = (await list(`emailId=${email.id}&possibleDuplicate=true`)).data;
    expect(found?.id).toBe(copyOf(email));
    expect(ids(await list(`emailId=${email.id}&possibleDuplicate=false`))).toEqual([]);
    expect(ids(await list(`providerId=${found?.providerId}`))).toEqual([copyOf(email)]);
  });

  it('is in the order of coming due across both lanes, and leaves out what is paused', async () => {
    const to = 'line@example.com';
    const at = (hour: string) => `2027-02-01T${hour}:00:00Z`;
    const late = await create({ to, scheduledAt: at('12') });
    const early = await create({ to, scheduledAt: at('10'), class: 'bulk' });
    const middle = await create({ to, scheduledAt: at('11') });
    const paused = await create({ to, scheduledAt: at('09') });
    await api.post(`/v1/emails/${paused.id}/pause`);
    const expected = [early, middle, late].map(copyOf);
    for (const limit of [1, 2, 100]) {
      expect(await walk(`to=${to}&sort=dueAt&status=scheduled&limit=${limit}`)).toEqual(expected);
    }
    expect(ids(await list(`to=${to}&sort=dueAt&status=scheduled&dueFrom=${at('11')}&dueTo=${at('12')}`))).toEqual([
      copyOf(middle),
    ]);
  });

  it('of somebody else is empty', async () => {
    await create({ to: 'mine@example.com' });
    for (const other of others) {
      expect((await other.get<Page>('/v1/deliveries?to=mine@example.com')).body.data).toEqual([]);
      expect((await other.get<Page>('/v1/deliveries?status=scheduled&sort=dueAt')).body.data).toEqual([]);
    }
  });

  it.each([
    ['colour=red', '?colour unknown_field'],
    ['status=paused', '?status unknown_value'],
    ['emailId=dl_1', '?emailId bad_format'],
    ['to=nobody', '?to bad_address'],
    ['dueFrom=tomorrow', '?dueFrom bad_time'],
    ['limit=0', '?limit out_of_range'],
    ['sort=dueAt', '?sort conflict'],
    ['sort=dueAt&status=scheduled&status=queued', '?sort conflict'],
    ['sort=dueAt&status=scheduled&before=x', '?before conflict'],
    ['after=a&before=b', '?before conflict'],
  ])('refuses %s', async (query, error) => {
    const problem = problemOf(await api.get(`/v1/deliveries?${query}`));
    expect(problem.code).toBe('validation_failed');
    expect(problem.errors).toContain(error);
  });

  it('refuses a cursor of another filter, and one that is none', async () => {
    const to = 'cursor@example.com';
    await create({ to });
    await create({ to });
    const { nextCursor } = await list(`to=${to}&limit=1`);
    const due = await list(`to=${to}&limit=1&sort=dueAt&status=scheduled`);
    for (const query of [`to=x@example.com&after=${nextCursor}`, 'after=rubbish', `after=${due.nextCursor}`]) {
      expect(problemOf(await api.get(`/v1/deliveries?${query}`)).code).toBe('bad_cursor');
    }
  });
});

describe('an explanation', () => {
  const explain = async (email: EmailView) =>
    (await api.get<ExplanationView>(`/v1/deliveries/${copyOf(email)}/explain`)).body;
  const reasons = ({ waitingFor }: ExplanationView) => waitingFor.map(({ reason }) => reason);

  it('says that its time has not come, and when it does', async () => {
    const email = await create();
    const dueAt = '2027-01-05T09:00:00.000Z';
    const wait = { reason: 'not_due', scope: null, max: null, windowSeconds: null, used: null, until: dueAt };
    expect(await explain(email)).toEqual({
      object: 'explanation',
      deliveryId: copyOf(email),
      status: 'scheduled',
      dueAt,
      nextEligibleAt: dueAt,
      waitingFor: [wait],
    });
  });

  it('says that its email is paused, and which', async () => {
    const email = await create();
    await api.post(`/v1/emails/${email.id}/pause`);
    const explanation = await explain(email);
    expect(reasons(explanation)).toEqual(['pause', 'not_due']);
    expect(explanation).toMatchObject({
      nextEligibleAt: null,
      waitingFor: [{ scope: `email:${email.id}`, until: null }, {}],
    });
  });

  it('follows an email through its line, its server, a retry and its end', async () => {
    const email = await create({ scheduledAt: undefined });
    expect(reasons(await explain(email))).toEqual(['queued']);
    const claimed = await claimOf(email);
    expect(await explain(email)).toMatchObject({ status: 'queued', waitingFor: [{ reason: 'queued' }] });
    await work.arm(claimed);
    expect(reasons(await explain(email))).toEqual(['in_flight']);
    await work.settle(claimed, 'retry');
    const { body } = await api.get<DeliveryView>(`/v1/deliveries/${copyOf(email)}`);
    expect(await explain(email)).toMatchObject({
      nextEligibleAt: body.nextAttemptAt,
      waitingFor: [{ reason: 'retry_backoff', until: body.nextAttemptAt }],
    });
    await api.post(`/v1/emails/${email.id}/cancel`);
    expect(await explain(email)).toMatchObject({ status: 'cancelled', nextEligibleAt: null, waitingFor: [] });
  });

  it('names the provider that is away, a hold, and what was missed', async () => {
    const email = await create({ scheduledAt: undefined });
    const claimed = await claimOf(email);
    await work.arm(claimed);
    await work.settle(claimed, 'held');
    const { body: held } = await api.get<DeliveryView>(`/v1/deliveries/${copyOf(email)}`);
    expect(await explain(email)).toMatchObject({ waitingFor: [{ reason: 'hold', until: held.holdUntil }] });
    const parked = await create();
    await change(parked, `reason = $2, provider_id = gen_random_uuid()`, PROVIDER_DOWN);
    expect(await explain(parked)).toMatchObject({
      waitingFor: [{ reason: 'provider_down', scope: expect.stringMatching(/^provider:prv_/) }],
    });
    await change(parked, `reason = 'missed', due_at = now() - interval '1 day'`);
    expect(await explain(parked)).toMatchObject({
      nextEligibleAt: null,
      waitingFor: [{ reason: 'missed', until: null }],
    });
    const { body: missed } = await api.get(`/v1/deliveries/${copyOf(parked)}`);
    expect(missed).toMatchObject({ status: 'scheduled', reason: null, nextAttemptAt: null });
  });

  it('of an email has one for each copy that is not finished, page by page', async () => {
    const email = await create({ to: ['a@example.com', 'b@example.com', 'c@example.com'] });
    const [first, ...rest] = email.deliveries.map(({ id }) => id);
    await api.post(`/v1/deliveries/${first}/cancel`);
    const path = `/v1/emails/${email.id}/explain`;
    const page = (await api.get<ListView<ExplanationView>>(`${path}?limit=1`)).body;
    const next = (await api.get<ListView<ExplanationView>>(`${path}?limit=1&after=${page.nextCursor}`)).body;
    expect([...page.data, ...next.data].map(({ deliveryId }) => deliveryId)).toEqual(rest);
    expect(next.hasMore).toBe(false);
    expect(problemOf(await api.get(`${path}?after=x`)).code).toBe('bad_cursor');
  });

  it('is not found for strangers, wrong prefixes and what does not exist', async () => {
    const email = await create();
    const paths = [`/v1/deliveries/${copyOf(email)}/explain`, `/v1/emails/${email.id}/explain`];
    for (const path of paths) {
      for (const other of others) expect(problemOf(await other.get(path)).code).toBe('not_found');
      const swapped = path.replace('/dl_', '/em_').replace(`/emails/em_`, '/emails/dl_');
      expect(problemOf(await api.get(swapped)).code).toBe('not_found');
    }
  });
});

describe('what belongs to an email, a job or a campaign', () => {
  const mail = { subject: 'Hi', text: 'Hi', scheduledAt: '2090-01-01T00:00:00Z' };
  const five = Array.from({ length: 5 }, (_, i) => `page-${i}@example.com`);
  type Part = ListView<object>;
  const page = async (path: string, query: string) => (await api.get<Part>(`${path}?limit=2${query}`)).body;

  /** Turns all pages forth and back, and says how many there were. */
  async function turned(path: string): Promise<number> {
    const all = (await api.get<Part>(path)).body.data;
    const pages = [await page(path, '')];
    for (let last = pages[0]; last?.nextCursor; last = pages.at(-1))
      pages.push(await page(path, `&after=${last.nextCursor}`));
    expect(pages.flatMap(({ data }) => data)).toEqual(all);
    for (const [i, { data }] of pages.slice(0, -1).entries()) {
      const back = await page(path, `&before=${pages[i + 1]?.prevCursor}`);
      expect(back).toMatchObject({ data, hasMore: true, nextCursor: expect.any(String) });
      expect(back.prevCursor === null).toBe(i === 0);
    }
    return pages.length;
  }

  it('is read page by page, forth and back', async () => {
    const { body: email } = await api.post<{ id: string }>('/v1/emails', { ...mail, to: five });
    await api.post(`/v1/emails/${email.id}/pause`);
    await api.post(`/v1/emails/${email.id}/resume`);
    const emails = five.map((to) => ({ ...mail, to }));
    const { body: batch } = await api.post<{ id: string }>('/v1/emails/batch', { emails });
    const { body: campaign } = await api.post<{ id: string; jobId: string }>('/v1/campaigns', {
      ...mail,
      recipients: [...five, 'a', 'b', 'c'],
    });
    const { body: test } = await api.post<{ id: string }>('/v1/load-tests', { count: 0 });
    await eventually(
      async () => expect((await page(`/v1/jobs/${campaign.jobId}/deliveries`, '')).hasMore).toBe(true),
      10_000,
    );
    const counts = [];
    for (const path of [
      `emails/${email.id}/deliveries`,
      `emails/${email.id}/events`,
      `emails/${email.id}/explain`,
      `jobs/${batch.id}/deliveries`,
      `jobs/${campaign.jobId}/deliveries`,
      `campaigns/${campaign.id}/deliveries`,
      `campaigns/${campaign.id}/rejected`,
      `jobs/${test.id}/deliveries`,
    ])
      counts.push(await turned(`/v1/${path}`));
    expect(counts).toEqual([3, 2, 3, 3, 3, 3, 2, 1]);
  });
});
