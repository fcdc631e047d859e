import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import type { Database } from '#storage';
import { Api, freePorts, openFree, someRecipients, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { storeCampaign } from '../testing/store-campaign.js';
import { PlanSchema } from './plan.schema.js';
import type { PlanView } from './plan.view.js';

/** Plans: every send time predicted, and nothing stored. */

let scheduler: RunningScheduler;
let db: Database;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  db = openFree(database.url, 2);
  api = new Api(scheduler.url);
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await db.stop();
});

const START = '2027-01-05T09:00:00.000Z';
const rows = async (text: string, values: unknown[] = []) => (await db.query({ name: '', text, values })).rows;
const people = (n: number, domain = 'plan.example') => Array.from({ length: n }, (_, i) => `p${i}@${domain}`);
const plan = async (wish: object, query = '') => {
  const body = { subject: 'Hi', text: 'x', scheduledAt: START, ...wish };
  return api.post<PlanView>(`/v1/campaigns/plan${query}`, body);
};
const secondsBetween = (one: string | null | undefined, other: string | null | undefined): number =>
  (new Date(other ?? 0).getTime() - new Date(one ?? 0).getTime()) / 1000;

describe('the plan of a campaign that is only wished', () => {
  it('is described, spread over the hours, and stores nothing', async () => {
    const { status, body } = await plan({ recipients: people(250), pacing: { hourlyLimit: 100 } });
    expect(status).toBe(200);
    expect(PlanSchema.safeParse(body)).toMatchObject({ success: true });
    expect(body).toMatchObject({ total: 250, suppressed: 0, merged: 0, rejected: [], firstAt: START });
    expect(body.items).toHaveLength(100);
    expect(body.items[0]).toEqual({ to: 'p0@plan.example', at: START, waitingFor: [] });
    expect(body.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(250);
    expect(body.bucketSeconds).toBe(3_600);
    expect(Math.max(...body.buckets.map(({ count }) => count))).toBeLessThanOrEqual(100);
    expect(secondsBetween(START, body.lastAt)).toBeGreaterThan(2 * 3_600);
    expect(await rows('select id from emails')).toEqual([]);
  });

  it('keeps the delay between two', async () => {
    const { body } = await plan({ recipients: people(5), pacing: { delaySeconds: 90 } });
    const gaps = body.items.slice(1).map(({ at }, i) => secondsBetween(body.items[i]?.at, at));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(90);
    expect(body.items[1]?.waitingFor).toMatchObject([{ reason: 'delay', windowSeconds: 90 }]);
  });

  it('counts who is merged, rejected and suppressed', async () => {
    await api.post('/v1/suppressions', { address: 'p1@plan.example' });
    const { body } = await plan({
      recipients: [...people(2), { to: 'p2@plan.example', timeZone: 'Nowhere' }, 'P0@plan.example', 'nobody'],
    });
    expect(body).toMatchObject({
      total: 3,
      suppressed: 1,
      merged: 1,
      badTimeZones: 1,
      rejected: [{ row: 5, value: 'nobody', code: 'bad_address' }],
    });
    expect(body.items.map(({ to }) => to)).toEqual(['p0@plan.example', 'p2@plan.example']);
  });

  it('is no larger for many years and for many bad rows', async () => {
    const recipients = [...people(4_000), ...people(1_000, 'nowhere')];
    const { body, text } = await plan({ recipients, pacing: { hourlyLimit: 1 } });
    expect(body).toMatchObject({ total: 4_000, bucketSeconds: 4 * 3_600 });
    expect(body.rejected).toHaveLength(100);
    expect(text.length).toBeLessThan(300_000);
  });

  it('of one that repeats is that of its first run, with the instants of the next ones', async () => {
    const schedule = { local: '2027-03-17T02:30', timeZone: 'recipient', fallback: 'Europe/Berlin' };
    const repeat = { rule: 'FREQ=WEEKLY;BYDAY=SU;COUNT=3' };
    const wish = { recipients: people(2), scheduledAt: undefined, schedule, repeat };
    const { body } = await plan(wish);
    expect(body).toMatchObject({
      total: 2,
      firstAt: '2027-03-21T01:30:00.000Z',
      lastAt: '2027-03-21T01:30:00.000Z',
      nextRuns: ['2027-03-20T12:30:00.000Z', '2027-03-27T12:30:00.000Z', '2027-04-03T12:30:00.000Z'],
    });
    const made = await api.post<{ id: string }>('/v1/campaigns', { subject: 'Hi', text: 'x', ...wish });
    expect((await api.get<PlanView>(`/v1/campaigns/${made.body.id}/plan`)).body).toMatchObject({
      firstAt: body.firstAt,
      nextRuns: body.nextRuns,
    });
    await api.post(`/v1/campaigns/${made.body.id}/cancel`);
    expect((await api.get<PlanView>(`/v1/campaigns/${made.body.id}/plan`)).body).toMatchObject({
      nextRuns: [],
      total: 0,
    });
  });

  it('says which limits it does not follow', async () => {
    expect((await plan({ recipients: people(1) })).body.limitsLeftOut).toEqual([]);
    const rules = [{ max: 1, windowSeconds: 3_600 }];
    for (const scope of ['domain:gmail', 'contact', 'tenant']) await api.call('PUT', `/v1/limits/${scope}`, { rules });
    expect((await plan({ recipients: people(1) })).body.limitsLeftOut).toEqual(['contact', 'domain:gmail']);
    for (const scope of ['domain:gmail', 'contact', 'tenant']) await api.call('DELETE', `/v1/limits/${scope}`);
  });

  it('waits for its windows', async () => {
    const window = { days: ['tue'], from: '11:00', to: '12:00', timeZone: 'UTC' };
    const { body } = await plan({ recipients: people(1), windows: [window] });
    expect(body.firstAt).toBe('2027-01-05T11:00:00.000Z');
    expect(body.items[0]?.waitingFor).toMatchObject([{ reason: 'window', until: '2027-01-05T11:00:00.000Z' }]);
  });

  it('goes where each recipient is', async () => {
    const recipients = [
      { to: 'ny@plan.example', timeZone: 'America/New_York' },
      { to: 'berlin@plan.example', timeZone: 'Europe/Berlin' },
    ];
    const schedule = { local: '2027-03-02T09:00', timeZone: 'recipient' };
    const { body } = await api.post<PlanView>('/v1/campaigns/plan', { subject: 'Hi', text: 'x', recipients, schedule });
    expect(body.items.map(({ to, at }) => [to, at])).toEqual([
      ['berlin@plan.example', '2027-03-02T08:00:00.000Z'],
      ['ny@plan.example', '2027-03-02T14:00:00.000Z'],
    ]);
  });

  it('counts whose time has passed apart, and says of nobody that they are sent to who are not', async () => {
    const local = new Date(Date.now() + 2 * 3_600_000).toISOString().slice(0, 16);
    const schedule = { local, timeZone: 'recipient', ifPast: 'skip' };
    const recipients = [
      { to: 'early@plan.example', timeZone: 'Pacific/Kiritimati' },
      { to: 'p1@plan.example', timeZone: 'Pacific/Kiritimati' },
      { to: 'late@plan.example', timeZone: 'Pacific/Pago_Pago' },
    ];
    const wish = { subject: 'Hi', text: 'x', recipients, schedule };
    const said = { total: 3, skipped: 2, suppressed: 0, items: [{ to: 'late@plan.example' }], buckets: [{ count: 1 }] };
    expect((await api.post<PlanView>('/v1/campaigns/plan', wish)).body).toMatchObject(said);
    const { body } = await api.post<{ id: string }>('/v1/campaigns', { ...wish, draft: true });
    expect((await api.get<PlanView>(`/v1/campaigns/${body.id}/plan`)).body).toMatchObject(said);
  });

  it('names up to 1,000, and refuses what a campaign would refuse', async () => {
    expect((await plan({ recipients: people(1_200) }, '?limit=1000')).body.items).toHaveLength(1_000);
    expect(problemOf(await plan({}, '?limit=1001')).errors).toEqual(['?limit out_of_range']);
    expect(problemOf(await plan({ pacing: { hourlyLimit: 0 } })).errors).toEqual(['/pacing/hourlyLimit out_of_range']);
    expect(problemOf(await plan({ scheduledAt: '2020-01-05T09:00:00Z' })).errors).toEqual(['/scheduledAt in_past']);
  });
});

describe('the plan of an email', () => {
  it('waits for the limits that its copies are under', async () => {
    await api.call('PUT', '/v1/limits/tenant', { rules: [{ max: 2, windowSeconds: 3_600 }] });
    const wish = { to: people(4), subject: 'Hi', text: 'x', scheduledAt: START };
    const { body } = await api.post<PlanView>('/v1/emails/plan', wish);
    expect(body.items.map(({ at }) => at)).toEqual([START, START, expect.any(String)]);
    expect(body.suppressed).toBe(1);
    await api.call('DELETE', '/v1/limits/tenant');
  });
});

describe('what is left of the plan of a campaign', () => {
  it('counts what was used, copies that wait and recipients without one', async () => {
    const pacing = { delaySeconds: 0, hourlyLimit: 2, spread: 'burst', weight: 1 } as const;
    const { id } = await storeCampaign(db, 5, { pacing, scheduledAt: new Date(START) });
    const { status, body } = await api.get<PlanView>(`/v1/campaigns/${publicId('campaign', id)}/plan`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: 'plan', total: 5, firstAt: START });
    expect(body.items.map(({ to }) => to)).toEqual(someRecipients(5).map(({ address }) => address));
    expect(secondsBetween(body.items[1]?.at, body.items[2]?.at)).toBeGreaterThan(3_600);
    expect(body.items[2]?.waitingFor[0]).toMatchObject({
      reason: 'limit',
      scope: `campaign:${publicId('campaign', id)}`,
      max: 2,
      used: 2,
    });
  });

  it('of none is not found', async () => {
    expect(problemOf(await api.get('/v1/campaigns/cmp_01m8rf20g6ekd9jbb81k6sxq3w/plan')).code).toBe('not_found');
  });
});
