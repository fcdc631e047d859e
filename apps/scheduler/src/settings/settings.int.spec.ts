import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailView } from '#http';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { strangers } from '../testing/strangers.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import { SETTINGS_EXAMPLES } from './examples.js';
import { SettingsPatch } from './settings.schema.js';
import type { SettingsView } from './settings.view.js';

/** What a tenant chooses for itself takes effect at once, and what has no effect is not taken. */

const PATH = '/v1/settings';
let scheduler: RunningScheduler;
let twin: RunningScheduler;
let work: WorkDeliveries;
let api: Api;
let others: readonly Api[];

beforeAll(async () => {
  const [database, [port = 0, next = 0]] = await Promise.all([testDatabase(), freePorts(2)]);
  scheduler = await runScheduler(database.url, port, { DEFAULT_FROM: 'House <house@acme.test>' });
  twin = await runScheduler(database.url, next, { DEFAULT_FROM: 'House <house@acme.test>' });
  work = WorkDeliveries.on(database.url);
  api = new Api(scheduler.url);
  others = (await strangers(database.url)).map((headers) => new Api(scheduler.url, headers));
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await twin.stop();
  await work.stop();
});

const read = async () => (await api.get<SettingsView>(PATH)).body;
const change = (body: object, headers = {}) => api.call<SettingsView>('PATCH', PATH, body, headers);
const WISH = { to: 'ada@example.com', subject: 'Hi', text: 'x', scheduledAt: '2027-01-05T09:00:00Z' };
const HOURS = { days: ['mon', 'tue'], from: '09:00', to: '17:30', timeZone: 'Europe/Berlin' };
const senderOf = async (at: Api = api) => (await at.post<EmailView>('/v1/emails', WISH)).body.from;

describe('settings', () => {
  it('are the defaults while nothing was chosen', async () => {
    const [, stranger] = others;
    const { body, headers } = (await stranger?.get(PATH)) ?? {};
    expect(headers?.get('etag')).toBe('"1"');
    expect(body).toEqual({
      object: 'settings',
      defaultFrom: 'House <house@acme.test>',
      timeZone: 'UTC',
      windows: [],
      transactionalReserve: 0.2,
      catchUpShare: 0.3,
      version: 1,
      updatedAt: null,
    });
  });

  it('have what waits by their time zone looked at anew, once other processes know it, and nothing else has', async () => {
    const walks = async () =>
      (await work.db.query({ name: '', text: 'select starts_at > clock_now() as later from zone_walks', values: [] }))
        .rows;
    await change({ transactionalReserve: 0.3 });
    expect(await walks()).toEqual([]);
    await change({ timeZone: 'Asia/Tokyo' });
    expect(await walks()).toEqual([{ later: true }]);
    await change({ timeZone: null, transactionalReserve: null });
  });

  it('name the sender of new emails at once, and within seconds in other processes', async () => {
    expect(await senderOf()).toBe('House <house@acme.test>');
    const { body: before } = await api.post<EmailView>('/v1/emails', WISH);
    const answer = await change({ defaultFrom: 'Mia <mia@acme.test>' });
    expect(answer).toMatchObject({ status: 200, body: { defaultFrom: 'Mia <mia@acme.test>' } });
    expect(await senderOf()).toBe('Mia <mia@acme.test>');
    const batch = await api.post<{ items: { id: string }[] }>('/v1/emails/batch', { emails: [WISH] });
    const { body: inBatch } = await api.get<EmailView>(`/v1/emails/${batch.body.items[0]?.id}`);
    expect(inBatch.from).toBe('Mia <mia@acme.test>');
    expect((await api.get<EmailView>(`/v1/emails/${before.id}`)).body.from).toBe('House <house@acme.test>');
    const patched = await api.call<EmailView>('PATCH', `/v1/emails/${before.id}`, { from: null });
    expect(patched.body.from).toBe('Mia <mia@acme.test>');
    await eventually(async () => expect(await senderOf(new Api(twin.url))).toBe('Mia <mia@acme.test>'), 8_000);
    await change({ defaultFrom: null });
    expect(await senderOf()).toBe('House <house@acme.test>');
  });

  it('are shared by both modes of a tenant, and by nobody else', async () => {
    await change({ defaultFrom: 'ours@acme.test' });
    const [otherMode, foreign] = await Promise.all(others.map(async (other) => (await other.get(PATH)).body));
    expect(otherMode).toMatchObject({ defaultFrom: 'ours@acme.test' });
    expect(foreign).toMatchObject({ defaultFrom: 'House <house@acme.test>' });
  });

  it('count their changes, and only changes', async () => {
    const { version } = await read();
    const answer = await change({ defaultFrom: 'count@acme.test' });
    expect(answer.headers.get('etag')).toBe(`"${version + 1}"`);
    expect((await change({ defaultFrom: 'count@acme.test' })).body.version).toBe(version + 1);
    expect((await change({})).body.version).toBe(version + 1);
  });

  it('keep a part of the limits for transactional mail', async () => {
    expect((await change({ transactionalReserve: 0.5 })).body).toMatchObject({ transactionalReserve: 0.5 });
    expect((await change({ defaultFrom: 'r@acme.test' })).body).toMatchObject({ transactionalReserve: 0.5 });
    expect((await change({ transactionalReserve: null })).body).toMatchObject({ transactionalReserve: 0.2 });
  });

  it('are not changed by who saw an older version', async () => {
    const { version, defaultFrom } = await read();
    const stale = await change({ defaultFrom: 'x@acme.test' }, { 'if-match': `"${version - 1}"` });
    expect(problemOf(stale).code).toBe('version_mismatch');
    expect(stale.body).toMatchObject({ current: { version, defaultFrom } });
    expect((await change({ defaultFrom: 'y@acme.test' }, { 'if-match': `"${version}"` })).status).toBe(200);
  });

  it('changed by many at once keep every change counted', async () => {
    const { version } = await read();
    await Promise.all([1, 2, 3, 4].map((n) => change({ defaultFrom: `many-${n}@acme.test` })));
    expect((await read()).version).toBe(version + 4);
  });

  it('have a zone and windows; null takes the defaults again', async () => {
    const chosen = await change({ timeZone: 'Europe/Berlin', windows: [HOURS] });
    expect(chosen.body).toMatchObject({ timeZone: 'Europe/Berlin', windows: [HOURS] });
    expect((await change({ windows: [HOURS] })).body.version).toBe(chosen.body.version); // as before
    expect((await change({ timeZone: null, windows: null })).body).toMatchObject({ timeZone: 'UTC', windows: [] });
  });

  it.each([
    [{ timeZone: 'Europe/Berln' }, '/timeZone bad_time_zone'],
    [{ windows: [{ ...HOURS, to: '09:00' }] }, '/windows/0/to no_common_window'],
    [{ transactionalReserve: 0.91 }, '/transactionalReserve out_of_range'],
    [{ transactionalReserve: -0.1 }, '/transactionalReserve out_of_range'],
    [{ transactionalReserve: '0.5' }, '/transactionalReserve bad_type'],
    [{ catchUpShare: 0.5 }, '/catchUpShare unknown_field'],
    [{ version: 3 }, '/version unknown_field'],
    [{ defaultFrom: 'nobody' }, '/defaultFrom bad_address'],
    [{ defaultFrom: 7 }, '/defaultFrom bad_type'],
    [{ defaultFrom: 'A\r\nBcc: b@b.test <a@a.test>' }, '/defaultFrom injection'],
  ])('refuse %j', async (body, error) => {
    expect(problemOf(await change(body)).errors).toEqual([error]);
  });

  it.each(Object.entries(SETTINGS_EXAMPLES))('the example %s of the documentation is understood', (_, { value }) => {
    expect(SettingsPatch.safeParse(value)).toMatchObject({ success: true });
  });
});
