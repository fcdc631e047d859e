import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId, WEEKDAYS } from '#domain';
import type { DeliveryView, EmailView, ExplanationView, ListView } from '#http';
import { Api, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';

/** Local times and windows of emails (interface 3.1, semantics 5). */

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

const DAY = 86_400_000;
const WISH = { to: 'ada@example.com', subject: 'Hi', text: 'It works' };
const BERLIN = { local: '2027-03-28T02:30', timeZone: 'Europe/Berlin' };
const post = (fields: object) => api.post<EmailView>('/v1/emails', { ...WISH, ...fields });
const patch = (email: EmailView, fields: object) => api.call<EmailView>('PATCH', `/v1/emails/${email.id}`, fields);
const settings = (fields: object) => api.call('PATCH', '/v1/settings', fields);

async function anEmail(fields: object): Promise<EmailView> {
  const { status, body, text } = await post(fields);
  if (status !== 202) throw new Error(text);
  return body;
}
async function copyOf({ deliveries }: EmailView): Promise<DeliveryView> {
  return (await api.get<DeliveryView>(`/v1/deliveries/${deliveries[0]?.id}`)).body;
}
const dueAt = async (email: EmailView) => (await copyOf(email)).dueAt;

/** As if its time had come in its pause. */
const makePast = ({ id }: EmailView) =>
  work.db.query({
    name: '',
    text: `update deliveries set due_at = clock_now() - interval '1 second' where email_id = $1`,
    values: [parsePublicId('email', id)],
  });
const waitsFor = async ({ id }: EmailView) =>
  (await api.get<ListView<ExplanationView>>(`/v1/emails/${id}/explain`)).body.data[0]?.waitingFor;

/** Open for an hour on the day after tomorrow, by UTC. */
function laterWindow() {
  const noon = new Date(Math.floor(Date.now() / DAY) * DAY + 2 * DAY + DAY / 2);
  const day = WEEKDAYS[(noon.getUTCDay() + 6) % 7];
  return { window: { days: [day], from: '12:00', to: '13:00', timeZone: 'UTC' }, opensAt: noon.toISOString() };
}

describe('a local time', () => {
  it('is kept beside its instant: in a gap it moves forward, of two such times it is the first', async () => {
    const gap = await anEmail({ schedule: BERLIN });
    expect(gap).toMatchObject({
      scheduledAt: '2027-03-28T01:30:00.000Z',
      schedule: { ...BERLIN, fallback: null, ifPast: null },
      windows: [],
    });
    expect(await dueAt(gap)).toBe('2027-03-28T01:30:00.000Z');
    expect((await api.get<EmailView>(`/v1/emails/${gap.id}`)).body).toEqual(gap);
    const twice = await anEmail({ schedule: { ...BERLIN, local: '2027-10-31T02:30' } });
    expect(twice.scheduledAt).toBe('2027-10-31T00:30:00.000Z');
  });

  it('of the recipient is that of the fallback, of the settings, of UTC', async () => {
    const schedule = { local: '2027-07-01T09:00', timeZone: 'recipient' };
    expect((await anEmail({ schedule })).scheduledAt).toBe('2027-07-01T09:00:00.000Z');
    await settings({ timeZone: 'America/New_York' });
    expect((await anEmail({ schedule })).scheduledAt).toBe('2027-07-01T13:00:00.000Z');
    const fallback = 'Asia/Kathmandu';
    expect((await anEmail({ schedule: { ...schedule, fallback } })).scheduledAt).toBe('2027-07-01T03:15:00.000Z');
    await settings({ timeZone: null });
  });

  it('that is past is refused, or means what ifPast says', async () => {
    const past = { local: '2026-01-05T09:00', timeZone: 'recipient' };
    const time = async (ifPast: string) => Date.parse((await anEmail({ schedule: { ...past, ifPast } })).scheduledAt);
    expect(problemOf(await post({ schedule: past }))).toMatchObject({ errors: ['/schedule/local in_past'] });
    expect(problemOf(await post({ schedule: { ...past, ifPast: 'skip' } }))).toMatchObject({
      errors: ['/schedule/local in_past'],
    });
    expect(Math.abs((await time('send_now')) - Date.now())).toBeLessThan(60_000);
    const next = await time('next_day');
    expect(next - Date.now()).toBeGreaterThan(0);
    expect(next - Date.now()).toBeLessThanOrEqual(DAY);
    expect(new Date(next).toISOString()).toMatch(/T09:00:00/);
    expect((await post({ schedule: { local: past.local, timeZone: 'UTC' }, allowPast: true })).status).toBe(202);
  });

  it.each<[object, string, string]>([
    [{ local: '2027-03-28T02:30', timeZone: 'Mars/Olympus' }, 'bad_time_zone', '/schedule/timeZone'],
    [{ local: '2027-03-28T02:30', timeZone: '+01:00' }, 'bad_time_zone', '/schedule/timeZone'],
    [{ local: '2027-03-28T02:30' }, 'required', '/schedule/timeZone'],
    [{ local: '2027-02-30T02:30', timeZone: 'UTC' }, 'bad_time', '/schedule/local'],
    [{ local: '2027-03-28T02:30Z', timeZone: 'UTC' }, 'bad_time', '/schedule/local'],
    [{ local: '2100-01-01T00:00', timeZone: 'UTC' }, 'out_of_range', '/schedule/local'],
    [{ ...BERLIN, ifPast: 'skip' }, 'conflict', '/schedule/ifPast'],
    [{ ...BERLIN, timeZone: 'recipient', fallback: 'recipient' }, 'bad_time_zone', '/schedule/fallback'],
    [{ ...BERLIN, timeZone: 'recipient', ifPast: 'never' }, 'unknown_value', '/schedule/ifPast'],
  ])('%j is refused: %s', async (schedule, code, pointer) => {
    expect(problemOf(await post({ schedule }))).toMatchObject({ status: 422, errors: [`${pointer} ${code}`] });
  });

  it('and an instant are one too many', async () => {
    const both = await post({ schedule: BERLIN, scheduledAt: '2027-01-05T09:00:00Z' });
    expect(problemOf(both)).toMatchObject({ errors: ['/schedule conflict'] });
    expect(problemOf(await post({ scheduledAt: '2027-01-05T09:00' }))).toMatchObject({
      errors: ['/scheduledAt time_without_zone'],
    });
  });

  it('can be given, changed and taken away by an edit and by reschedule', async () => {
    const email = await anEmail({ scheduledAt: '2027-01-05T09:00:00Z' });
    const edited = await patch(email, { schedule: BERLIN });
    expect(edited.body).toMatchObject({ scheduledAt: '2027-03-28T01:30:00.000Z', version: 2 });
    expect(await dueAt(email)).toBe('2027-03-28T01:30:00.000Z');
    expect((await patch(email, { schedule: BERLIN })).body.version).toBe(2); // nothing new
    expect((await patch(email, { schedule: null })).body).toMatchObject({
      schedule: null,
      scheduledAt: '2027-03-28T01:30:00.000Z',
      version: 3,
    });
    const moved = await api.post<EmailView>(`/v1/emails/${email.id}/reschedule`, {
      schedule: { ...BERLIN, timeZone: 'UTC' },
    });
    expect(moved.body).toMatchObject({ scheduledAt: '2027-03-28T02:30:00.000Z', version: 4 });
    expect((await patch(email, { scheduledAt: '2027-05-01T00:00:00Z' })).body.schedule).toBeNull();
    const nothing = await api.post(`/v1/emails/${email.id}/reschedule`, {});
    expect(problemOf(nothing)).toMatchObject({ errors: ['/scheduledAt required'] });
  });
});

describe('windows', () => {
  it('let an email wait for the next opening, and say so', async () => {
    const { window, opensAt } = laterWindow();
    const email = await anEmail({ windows: [window] });
    expect(email.windows).toEqual([window]);
    expect(Math.abs(Date.parse(email.scheduledAt) - Date.now())).toBeLessThan(60_000);
    expect(await copyOf(email)).toMatchObject({ status: 'scheduled', dueAt: opensAt });
    const { body } = await api.get<ListView<ExplanationView>>(`/v1/emails/${email.id}/explain`);
    expect(body.data[0]).toMatchObject({ nextEligibleAt: opensAt, waitingFor: [{ reason: 'window', until: opensAt }] });
  });

  it('of the settings bind too, but no one-time password', async () => {
    const { window, opensAt } = laterWindow();
    await settings({ windows: [window] });
    expect(await dueAt(await anEmail({}))).toBe(opensAt);
    const otp = await anEmail({ class: 'otp' });
    expect(await dueAt(otp)).toBe(otp.scheduledAt);
    const batch = await api.post<{ items: { id: string }[] }>('/v1/emails/batch', { emails: [WISH] });
    const { body } = await api.get<EmailView>(`/v1/emails/${batch.body.items[0]?.id}`);
    expect(await dueAt(body)).toBe(opensAt);
    const apart = { ...window, from: '13:00', to: '14:00' };
    expect(problemOf(await post({ windows: [apart] }))).toMatchObject({ errors: ['/windows no_common_window'] });
    await settings({ windows: null });
    expect(await dueAt(await anEmail({ windows: [apart] }))).toBe(opensAt.replace('T12', 'T13'));
  });

  it('are changed by an edit; send-now waits for them unless they are ignored', async () => {
    const { window, opensAt } = laterWindow();
    const email = await anEmail({ scheduledAt: '2027-01-05T09:00:00Z', schedule: undefined });
    expect((await patch(email, { windows: [{ ...window, days: WEEKDAYS }] })).body.version).toBe(2);
    expect(await dueAt(email)).toBe('2027-01-05T12:00:00.000Z');
    await patch(email, { windows: [window] });
    await api.post(`/v1/emails/${email.id}/send-now`);
    expect(await dueAt(email)).toBe(opensAt);
    await api.post(`/v1/emails/${email.id}/send-now`, { ignoreWindows: true });
    expect(Math.abs(Date.parse(await dueAt(email)) - Date.now())).toBeLessThan(60_000);
    await patch(email, { windows: null });
    expect((await api.get<EmailView>(`/v1/emails/${email.id}`)).body.windows).toEqual([]);
  });

  it('hold what a resume lets go on, and what is sent again, until they open next', async () => {
    const { window, opensAt } = laterWindow();
    const [paused, failed, open] = [await anEmail({}), await anEmail({}), await anEmail({})];
    for (const { id } of [paused, open]) await api.post(`/v1/emails/${id}/pause`);
    const claimed = await work.claim();
    await work.arm(claimed);
    await work.settle(claimed, 'failed');
    await patch(paused, { windows: [window] });
    await settings({ windows: [window] });
    await api.post(`/v1/deliveries/${failed.deliveries[0]?.id}/retry`);
    expect(await copyOf(failed)).toMatchObject({ status: 'scheduled', dueAt: opensAt });
    await makePast(paused);
    await api.post(`/v1/emails/${paused.id}/resume`);
    expect(await copyOf(paused)).toMatchObject({ status: 'scheduled', dueAt: opensAt });
    expect(await waitsFor(paused)).toMatchObject([{ reason: 'window', until: opensAt }]);
    await settings({ windows: null });
    await makePast(open);
    await api.post(`/v1/emails/${open.id}/resume`);
    expect(Math.abs(Date.parse(await dueAt(open)) - Date.now())).toBeLessThan(60_000);
  });

  it.each<[object, string, string]>([
    [{ days: [] }, 'too_short', '/windows/0/days'],
    [{ days: ['monday'] }, 'unknown_value', '/windows/0/days/0'],
    [{ from: '9:00' }, 'bad_time', '/windows/0/from'],
    [{ from: '25:00' }, 'bad_time', '/windows/0/from'],
    [{ to: '09:00' }, 'no_common_window', '/windows/0/to'],
    [{ timeZone: 'Europe/Berln' }, 'bad_time_zone', '/windows/0/timeZone'],
    [{ from: undefined }, 'required', '/windows/0/from'],
  ])('%j are refused: %s', async (wrong, code, pointer) => {
    const window = { days: ['mon'], from: '09:00', to: '17:30', timeZone: 'Europe/Berlin', ...wrong };
    expect(problemOf(await post({ windows: [window] }))).toMatchObject({ status: 422, errors: [`${pointer} ${code}`] });
  });

  it('are at most 14, and an email that expires before they open is refused', async () => {
    const { window } = laterWindow();
    expect(problemOf(await post({ windows: Array(15).fill(window) }))).toMatchObject({ errors: ['/windows too_many'] });
    const expiresAt = new Date(Date.now() + DAY / 2).toISOString();
    expect(problemOf(await post({ windows: [window], expiresAt }))).toMatchObject({
      errors: ['/expiresAt out_of_range'],
    });
  });
});
