import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALL_TENANTS, parsePublicId, publicId, PROVIDERS } from '#domain';
import type { CampaignView, ListView } from '#http';
import type { Database } from '#storage';
import { Api, freePorts, openFree, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { storeCampaign } from '../testing/store-campaign.js';
import { strangers } from '../testing/strangers.js';
import { LIMIT_EXAMPLES } from './examples.js';
import { LimitRequest, LimitSchema } from './limit.schema.js';
import type { LimitView } from './limit.view.js';

/** Limits over HTTP: what may be set, what was used, when one more may go. */

let scheduler: RunningScheduler;
let db: Database;
let api: Api;
let others: readonly Api[];

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port);
  db = openFree(database.url, 2);
  api = new Api(scheduler.url);
  others = (await strangers(database.url)).map((headers) => new Api(scheduler.url, headers));
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await db.stop();
});

const at = (scope: string): string => `/v1/limits/${encodeURIComponent(scope)}`;
const read = (scope: string) => api.get<LimitView>(at(scope));
const put = (scope: string, rules: unknown, headers = {}) => api.call<LimitView>('PUT', at(scope), { rules }, headers);
const rows = async (text: string, values: unknown[] = []) => (await db.query({ name: '', text, values })).rows;
let domains = 0;
const newScope = (): string => `sender:d${(domains += 1)}.example`;

/** As the claim notes it. @param secondsAgo how long ago they were granted */
const use = (scope: string, used: number, secondsAgo: number, table = 'limit_usage') =>
  rows(
    `insert into ${table} (tenant_id, limit_id, key, at, used)
      select tenant_id, id, 'test', date_trunc('second', clock_now()) - make_interval(secs => $3), $2 from limits where scope = $1`,
    [scope, used, secondsAgo],
  );

const NO_CAMPAIGN = 'campaign:cmp_01m8rf20g6ekd9jbb81k6sxq3w';
const HOUR = { max: 100, windowSeconds: 3_600 };

describe('a limit', () => {
  it('is made, read, changed and removed', async () => {
    const scope = newScope();
    expect(problemOf(await read(scope))).toMatchObject({ status: 404, code: 'not_found' });
    const made = await put(scope, [HOUR]);
    expect([made.status, made.headers.get('etag'), made.headers.get('location')]).toEqual([201, '"1"', at(scope)]);
    const rule = { ...HOUR, mode: 'rolling', timeZone: null, burst: null, used: 0, remaining: 100, nextFreeAt: null };
    expect(made.body).toEqual({ object: 'limit', scope, rules: [rule], version: 1 });
    expect((await read(scope)).body).toEqual(made.body);
    const changed = await put(scope, [{ ...HOUR, max: 7 }], { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { rules: [{ max: 7 }], version: 2 } });
    expect((await api.call('DELETE', at(scope), undefined, { 'if-match': '"2"' })).status).toBe(204);
    expect((await read(scope)).status).toBe(404);
    expect((await api.call('DELETE', at(scope))).status).toBe(404);
  });

  it('is changed only by who says which version it saw', async () => {
    const scope = newScope();
    expect(problemOf(await put(scope, [HOUR], { 'if-match': '"1"' })).code).toBe('version_mismatch');
    await put(scope, [HOUR]);
    expect(problemOf(await put(scope, [HOUR]))).toMatchObject({ status: 428, code: 'if_match_required' });
    const stale = await put(scope, [HOUR], { 'if-match': '"9"' });
    expect(problemOf(stale)).toMatchObject({ status: 412, code: 'version_mismatch' });
    expect(stale.body).toMatchObject({ current: { object: 'limit', scope, version: 1, rules: [{ max: 100 }] } });
    expect((await put(scope, [HOUR], { 'if-match': '*' })).status).toBe(200);
    expect(problemOf(await api.call('DELETE', at(scope), undefined, { 'if-match': '"1"' })).code).toBe(
      'version_mismatch',
    );
  });

  it('made by many at once is made once', async () => {
    const scope = newScope();
    const answers = await Promise.all([1, 2, 3, 4].map(() => put(scope, [HOUR])));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '428', '428', '428']);
  });

  it.each([
    'tenant',
    'contact',
    'domain:gmail',
    'domain:example.org',
    'sender:ada@acme.test',
    `provider:${publicId('provider', PROVIDERS.test)}`,
  ])('may be set for %s', async (scope) => {
    expect((await put(scope, [HOUR])).body.scope).toBe(scope);
    await api.call('DELETE', at(scope));
  });

  it.each([
    'nothing',
    'tenant:x',
    'sender:',
    'sender:no body',
    'domain:',
    'provider:prv_x',
    'provider:prv_01m8rf20g6ekd9jbb81k6sxq3w',
    NO_CAMPAIGN,
    'TENANT',
    'x'.repeat(400),
  ])('of %s is not found', async (scope) => {
    expect(problemOf(await read(scope)).code).toBe('not_found');
    expect(problemOf(await put(scope, [HOUR])).code).toBe('not_found');
    expect(problemOf(await api.call('DELETE', at(scope))).code).toBe('not_found');
  });

  it('is one for both modes, and none of another tenant', async () => {
    const scope = newScope();
    await put(scope, [HOUR]);
    const [otherMode, stranger] = await Promise.all(others.map((other) => other.get(at(scope))));
    expect([otherMode?.status, stranger?.status]).toEqual([200, 404]);
    const list = await others[1]?.get<ListView<LimitView>>('/v1/limits');
    expect(list?.body.data).toEqual([]);
  });

  it('is shown as it is described', async () => {
    const scope = newScope();
    const { body } = await put(scope, [
      HOUR,
      { max: 5, windowSeconds: 604_800, mode: 'calendar', timeZone: 'asia/tokyo', burst: 3 },
    ]);
    expect(LimitSchema.safeParse(body)).toMatchObject({ success: true });
    expect(body.rules[1]).toMatchObject({ timeZone: 'Asia/Tokyo', burst: 3 });
  });
});

describe('what was used', () => {
  it('counts in its window and 25 seconds longer, and says when one more may go', async () => {
    const scope = newScope();
    await put(scope, [{ max: 10, windowSeconds: 3_600 }]);
    await use(scope, 4, 3_700);
    await use(scope, 6, 3_610);
    expect((await read(scope)).body.rules[0]).toMatchObject({ used: 6, remaining: 4, nextFreeAt: null });
    await use(scope, 4, 10);
    const [rule] = (await read(scope)).body.rules;
    expect(rule).toMatchObject({ used: 10, remaining: 0 });
    const waits = new Date(rule?.nextFreeAt ?? 0).getTime() - Date.now();
    expect(waits).toBeGreaterThan(5_000);
    expect(waits).toBeLessThan(20_000);
  });

  it('above a limit that is lower now leaves 0, never less', async () => {
    const scope = newScope();
    await put(scope, [{ max: 10, windowSeconds: 3_600 }]);
    await use(scope, 8, 100);
    const { body } = await put(scope, [{ max: 3, windowSeconds: 3_600 }], { 'if-match': '"1"' });
    expect(body.rules[0]).toMatchObject({ used: 8, remaining: 0, nextFreeAt: expect.any(String) });
  });

  it('of a rate is what the gate let through', async () => {
    const scope = newScope();
    await put(scope, [{ max: 3, windowSeconds: 30 }]);
    await use(scope, 3, 5, 'limit_rates');
    expect((await read(scope)).body.rules[0]).toMatchObject({ used: 3, remaining: 0, nextFreeAt: expect.any(String) });
  });

  it('in one mode is not shown in the other', async () => {
    const scope = newScope();
    await put(scope, [HOUR]);
    await use(scope, 5, 5);
    expect((await others[0]?.get<LimitView>(at(scope)))?.body.rules[0]).toMatchObject({ used: 0 });
  });

  it('by each contact is not one number', async () => {
    const { body } = await put('contact', [{ max: 1, windowSeconds: 86_400 }]);
    expect(body.rules[0]).toMatchObject({ used: null, remaining: null, nextFreeAt: null });
    await api.call('DELETE', at('contact'));
  });
});

describe('rules', () => {
  it.each([
    [{ rules: [] }, '/rules too_short'],
    [{}, '/rules required'],
    [{ rules: [1, 2, 3, 4, 5].map((n) => ({ max: 1, windowSeconds: n * 100 })) }, '/rules too_many'],
    [{ rules: [{ ...HOUR, max: 0 }] }, '/rules/0/max out_of_range'],
    [{ rules: [{ ...HOUR, max: -1 }] }, '/rules/0/max out_of_range'],
    [{ rules: [{ ...HOUR, max: 1.5 }] }, '/rules/0/max bad_type'],
    [{ rules: [{ ...HOUR, max: '9' }] }, '/rules/0/max bad_type'],
    [{ rules: [{ ...HOUR, windowSeconds: 0 }] }, '/rules/0/windowSeconds out_of_range'],
    [{ rules: [{ ...HOUR, windowSeconds: 2_678_401 }] }, '/rules/0/windowSeconds out_of_range'],
    [{ rules: [{ ...HOUR, mode: 'sliding' }] }, '/rules/0/mode unknown_value'],
    [{ rules: [{ ...HOUR, mode: 'delay' }] }, '/rules/0/mode unknown_value'],
    [{ rules: [{ ...HOUR, mode: 'calendar' }] }, '/rules/0/timeZone required'],
    [{ rules: [{ ...HOUR, mode: 'calendar', timeZone: 'Mars/Base' }] }, '/rules/0/timeZone bad_time_zone'],
    [{ rules: [{ ...HOUR, mode: 'calendar', timeZone: '+01:00' }] }, '/rules/0/timeZone bad_time_zone'],
    [{ rules: [{ ...HOUR, timeZone: 'UTC' }] }, '/rules/0/timeZone conflict'],
    [
      { rules: [{ max: 5, windowSeconds: 5_000, mode: 'calendar', timeZone: 'UTC' }] },
      '/rules/0/windowSeconds out_of_range',
    ],
    [{ rules: [{ ...HOUR, burst: 0 }] }, '/rules/0/burst out_of_range'],
    [{ rules: [{ ...HOUR, burst: 101 }] }, '/rules/0/burst out_of_range'],
    [{ rules: [{ ...HOUR, used: 1 }] }, '/rules/0/used unknown_field'],
    [{ rules: [HOUR, { ...HOUR, max: 5 }] }, '/rules/1/windowSeconds conflict'],
  ])('refuse %j', async (body, error) => {
    expect(problemOf(await api.call('PUT', at('tenant'), body)).errors).toEqual([error]);
    expect((await read('tenant')).status).toBe(404);
  });

  it('say which numbers they take, and what a time zone is', async () => {
    const rule = { max: 0, windowSeconds: 3_600, mode: 'calendar', timeZone: 'X/Y' };
    expect((await api.call('PUT', at('tenant'), { rules: [rule] })).body).toMatchObject({
      errors: [
        { pointer: '/rules/0/max', detail: 'must be a whole number from 1 to 1,000,000,000' },
        {
          pointer: '/rules/0/timeZone',
          detail: 'is no time zone that tzdata knows. Send for example "Europe/Berlin".',
        },
      ],
    });
  });

  it.each(Object.entries(LIMIT_EXAMPLES))('the example %s of the documentation is understood', (_, { value }) => {
    expect(LimitRequest.safeParse(value)).toMatchObject({ success: true });
  });
});

describe('the limit of all tenants', () => {
  it('is shown and never set', async () => {
    expect((await read('global')).status).toBe(404);
    expect(problemOf(await put('global', [HOUR]))).toMatchObject({ status: 403, code: 'scope_missing' });
    const rules = JSON.stringify([{ ...HOUR, mode: 'rolling', timeZone: null, burst: null }]);
    await rows(`insert into limits (tenant_id, id, scope, rules) values ($1, $2, 'global', $3)`, [
      ALL_TENANTS,
      randomUUID(),
      rules,
    ]);
    await use('global', 5, 5);
    expect((await read('global')).body).toMatchObject({
      scope: 'global',
      rules: [{ max: 100, used: 5, remaining: 95 }],
    });
    const { body } = (await others[1]?.get<ListView<LimitView>>('/v1/limits')) ?? {};
    expect(body?.data.map(({ scope }) => scope)).toEqual(['global']);
    expect(problemOf(await api.call('DELETE', at('global')))).toMatchObject({ status: 403 });
    await rows(`delete from limits where scope = 'global'`);
  });
});

describe('the limit of a campaign', () => {
  const pacingOf = async (id: string) =>
    (await rows('select hourly_limit, delay_seconds from campaigns where email_id = $1', [id]))[0];
  const pacing = { delaySeconds: 9, hourlyLimit: null, spread: 'burst', weight: 1 } as const;

  it('of a rolling hour is its hourlyLimit, and its delay stays', async () => {
    const { id } = await storeCampaign(db, 1, { pacing });
    const scope = `campaign:${publicId('campaign', id)}`;
    expect((await read(scope)).status).toBe(404);
    expect((await put(scope, [HOUR, { max: 500, windowSeconds: 86_400 }])).body.rules).toHaveLength(2);
    expect(await pacingOf(id)).toEqual({ hourly_limit: 100, delay_seconds: 9 });
    expect((await read(scope)).body.rules.map(({ max }) => max)).toEqual([100, 500]);
    expect((await put(scope, [{ max: 500, windowSeconds: 86_400 }], { 'if-match': '*' })).status).toBe(200);
    expect(await pacingOf(id)).toEqual({ hourly_limit: null, delay_seconds: 9 });
    expect((await api.call('DELETE', at(scope))).status).toBe(204);
    expect((await read(scope)).status).toBe(404);
    expect((await put(scope, [HOUR])).status).toBe(201);
  });

  it('is what its pacing says from the start, and after every change of it', async () => {
    const wish = { subject: 'Hi', text: 'Hi', scheduledAt: '2090-01-01T00:00:00Z', recipients: ['ada@example.com'] };
    const paced = { ...wish, pacing: { hourlyLimit: 70, delaySeconds: 2 } };
    const { body: campaign } = await api.call<CampaignView>('POST', '/v1/campaigns', paced);
    const scope = `campaign:${campaign.id}`;
    const listed = async () =>
      (await api.get<ListView<LimitView>>('/v1/limits?limit=1')).body.data.map((limit) => [
        limit.scope,
        limit.rules[0]?.max,
      ]);
    expect((await read(scope)).body.rules).toMatchObject([{ max: 70, windowSeconds: 3_600, used: 0 }]);
    expect(await listed()).toEqual([[scope, 70]]);
    expect(problemOf(await put(scope, [HOUR])).code).toBe('if_match_required');
    await api.call('PATCH', `/v1/campaigns/${campaign.id}`, { pacing: { hourlyLimit: 90 } });
    expect(await listed()).toEqual([[scope, 90]]);
    expect((await read(scope)).body.rules).toMatchObject([{ max: 90 }]);
  });

  it('of a draft is removed with it', async () => {
    const draft = { subject: 'Hi', text: 'Hi', pacing: { hourlyLimit: 70 } };
    const { body: campaign } = await api.call<CampaignView>('POST', '/v1/campaigns', draft);
    expect((await read(`campaign:${campaign.id}`)).status).toBe(200);
    await api.call('DELETE', `/v1/campaigns/${campaign.id}`);
    expect((await read(`campaign:${campaign.id}`)).status).toBe(404);
    const of = `campaign:${parsePublicId('campaign', campaign.id)}`;
    expect(await rows('select scope from limits where scope = $1', [of])).toEqual([]);
  });

  it('is not found in the other mode', async () => {
    const { id } = await storeCampaign(db, 1, { pacing });
    const scope = `campaign:${publicId('campaign', id)}`;
    await put(scope, [HOUR]);
    expect((await others[0]?.get(at(scope)))?.status).toBe(404);
  });
});

describe('the list', () => {
  it('turns its pages, newest first', async () => {
    const scopes = [newScope(), newScope(), newScope()];
    for (const scope of scopes) await put(scope, [HOUR]);
    const first = await api.get<ListView<LimitView>>('/v1/limits?limit=2');
    expect(first.body.data.map(({ scope }) => scope)).toEqual([scopes[2], scopes[1]]);
    const next = await api.get<ListView<LimitView>>(`/v1/limits?limit=1&after=${first.body.nextCursor}`);
    expect(next.body.data.map(({ scope }) => scope)).toEqual([scopes[0]]);
    const back = await api.get<ListView<LimitView>>(`/v1/limits?limit=2&before=${next.body.prevCursor}`);
    expect(back.body.data).toEqual(first.body.data);
    expect(problemOf(await api.get('/v1/limits?after=x')).code).toBe('bad_cursor');
  });
});
