import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicId } from '#domain';
import type { EmailView, ExplanationView, ListView } from '#http';
import type { Database } from '#storage';
import { Api, freePorts, openFree, testDatabase } from '#testing';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { storeCampaign } from '../testing/store-campaign.js';
import { problemOf } from '../testing/problem-of.js';

/** Why something waits for limits, pacing, windows or a pause: the binding cause first. */

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

const rows = async (text: string, values: unknown[] = []) => (await db.query({ name: '', text, values })).rows;
const put = (scope: string, rules: object[]) => api.call('PUT', `/v1/limits/${encodeURIComponent(scope)}`, { rules });
const lift = (scope: string) => api.call('DELETE', `/v1/limits/${encodeURIComponent(scope)}`);
const use = (scope: string, used: number, secondsAgo: number, key = 'test') =>
  rows(
    `insert into limit_usage (tenant_id, limit_id, key, at, used)
      select tenant_id, id, $4, date_trunc('second', clock_now()) - make_interval(secs => $3), $2 from limits where scope = $1`,
    [scope, used, secondsAgo, key],
  );
const explain = async (id: string): Promise<readonly ExplanationView[]> =>
  (await api.get<ListView<ExplanationView>>(`/v1/emails/${id}/explain`)).body.data;
const secondsUntil = (instant: string | null | undefined): number =>
  (new Date(instant ?? 0).getTime() - Date.now()) / 1000;

let people = 0;
async function anEmail(
  wish: object = {},
): Promise<{ readonly id: string; readonly to: string; readonly why: () => Promise<ExplanationView | undefined> }> {
  const to = `p${(people += 1)}@explain.example`;
  const { body } = await api.post<EmailView>('/v1/emails', { to, subject: 'Hi', text: 'x', ...wish });
  return { id: body.id, to, why: async () => (await explain(body.id))[0] };
}

describe('an email', () => {
  it('waits for the limit that is used up, until one more may go', async () => {
    await put('tenant', [{ max: 5, windowSeconds: 3_600 }]);
    await use('tenant', 5, 1_000);
    const { why } = await anEmail();
    const explained = await why();
    const [wait, ...others] = explained?.waitingFor ?? [];
    expect(wait).toEqual({
      reason: 'limit',
      scope: 'tenant',
      max: 5,
      windowSeconds: 3_600,
      used: 5,
      until: explained?.nextEligibleAt,
    });
    expect(others).toEqual([]);
    expect(secondsUntil(wait?.until)).toBeGreaterThan(2_615);
    expect(secondsUntil(wait?.until)).toBeLessThan(2_635);
    await lift('tenant');
    expect((await why())?.waitingFor).toMatchObject([{ reason: 'queued' }]);
  });

  it('waits for what binds longest', async () => {
    await put('tenant', [{ max: 5, windowSeconds: 3_600 }]);
    await put('domain:explain.example', [{ max: 2, windowSeconds: 86_400 }]);
    await use('tenant', 5, 1_000);
    await use('domain:explain.example', 3, 1_000);
    const { why } = await anEmail();
    const explained = await why();
    expect(explained?.waitingFor.map(({ scope }) => scope)).toEqual(['domain:explain.example', 'tenant']);
    expect(secondsUntil(explained?.nextEligibleAt)).toBeGreaterThan(80_000);
    await Promise.all([lift('tenant'), lift('domain:explain.example')]);
  });

  it('waits for the limit of its contact alone', async () => {
    await put('contact', [{ max: 1, windowSeconds: 86_400 }]);
    const [one, other] = [await anEmail(), await anEmail()];
    await use('contact', 1, 60, `test ${one.to}`);
    expect((await one.why())?.waitingFor).toMatchObject([{ reason: 'limit', scope: 'contact', max: 1, used: 1 }]);
    expect((await other.why())?.waitingFor).toMatchObject([{ reason: 'queued' }]);
    await lift('contact');
  });

  it('that is bulk leaves a part for those that are not', async () => {
    await put('tenant', [{ max: 10, windowSeconds: 3_600 }]);
    await use('tenant', 8, 1_000);
    const [bulk, transactional] = [await anEmail({ class: 'bulk' }), await anEmail()];
    expect((await bulk.why())?.waitingFor).toMatchObject([{ reason: 'limit', max: 10, used: 8 }]);
    expect((await transactional.why())?.waitingFor).toMatchObject([{ reason: 'queued' }]);
    await lift('tenant');
  });

  it('of later says nothing of a limit that gives before', async () => {
    await put('tenant', [{ max: 5, windowSeconds: 3_600 }]);
    await use('tenant', 5, 1_000);
    const { why } = await anEmail({ scheduledAt: '2027-01-05T09:00:00Z' });
    expect((await why())?.waitingFor).toMatchObject([{ reason: 'not_due' }]);
    await lift('tenant');
  });

  it('that let others pass says until when', async () => {
    const { id, why } = await anEmail();
    await rows(
      `update deliveries set due_at = clock_now() + interval '5 minutes', reason = 'limit'
        where email_id = (select id from emails where subject = 'Hi' order by id desc limit 1)`,
    );
    expect(id).toMatch(/^em_/);
    const explained = await why();
    expect(explained?.waitingFor).toMatchObject([{ reason: 'limit', scope: null }]);
    expect(secondsUntil(explained?.nextEligibleAt)).toBeGreaterThan(290);
  });
});

describe('a campaign', () => {
  const whyNot = async (id: string) => {
    const { body } = await api.get<ListView<ExplanationView>>(`/v1/campaigns/${publicId('campaign', id)}/explain`);
    return body.data;
  };

  it('waits for its own hourly limit, and says that it is the campaign’s', async () => {
    const { id } = await storeCampaign(db, 3, {
      pacing: { delaySeconds: 0, hourlyLimit: 2, spread: 'burst', weight: 1 },
    });
    const scope = `campaign:${publicId('campaign', id)}`;
    await api.get(`/v1/limits/${scope}`); // as a claim would have made it by now
    await use(`campaign:${id}`, 2, 600);
    const explained = await whyNot(id);
    expect(explained).toHaveLength(3);
    expect(explained[0]?.waitingFor).toMatchObject([{ reason: 'limit', scope, max: 2, windowSeconds: 3_600, used: 2 }]);
  });

  it('goes one by one where it is spread evenly', async () => {
    const { id } = await storeCampaign(db, 1, {
      pacing: { delaySeconds: 0, hourlyLimit: 60, spread: 'even', weight: 1 },
    });
    await rows(`update lines set paced_at = clock_now() - interval '10 seconds' where line = $1::text`, [id]);
    const [explained] = await whyNot(id);
    expect(explained?.waitingFor).toMatchObject([{ reason: 'delay', scope: `campaign:${publicId('campaign', id)}` }]);
    expect(secondsUntil(explained?.nextEligibleAt)).toBeGreaterThan(40);
    expect(secondsUntil(explained?.nextEligibleAt)).toBeLessThan(60);
  });

  it('waits for its windows', async () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const hour = (new Date().getUTCHours() + 3) % 24;
    const at = (n: number) => `${String(n % 24).padStart(2, '0')}:00`;
    const { id } = await storeCampaign(db, 1, {
      windows: [{ days, from: at(hour), to: at(hour + 1), timeZone: 'UTC' }],
    });
    const [explained] = await whyNot(id);
    expect(explained?.waitingFor).toMatchObject([{ reason: 'window' }]);
    expect(new Date(explained?.nextEligibleAt ?? 0).getUTCHours()).toBe(hour);
  });

  it('waits for its resume while it is paused', async () => {
    const { id } = await storeCampaign(db, 1);
    await rows(`update emails set status = 'paused' where id = $1`, [id]);
    const [explained] = await whyNot(id);
    expect(explained?.nextEligibleAt).toBeNull();
    expect(explained?.waitingFor[0]).toMatchObject({
      reason: 'pause',
      scope: `campaign:${publicId('campaign', id)}`,
      until: null,
    });
  });

  it('that is none is not found', async () => {
    const { id } = await anEmail();
    for (const path of [`cmp_${id.slice(3)}`, 'cmp_01m8rf20g6ekd9jbb81k6sxq3w', id])
      expect(problemOf(await api.get(`/v1/campaigns/${path}/explain`)).code).toBe('not_found');
  });
});
