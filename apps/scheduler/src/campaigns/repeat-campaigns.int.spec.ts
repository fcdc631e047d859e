import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmailId, parsePublicId, publicId, type TenantId } from '#domain';
import type { CampaignView } from '#http';
import { Database, ensureTenant, makeRun, newId } from '#storage';
import { Api, eventually, freePorts, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import { WorkDeliveries } from '../testing/work-deliveries.js';
import { makeDueRun } from './make-due-run.js';

/** Campaigns that repeat (interface 3.3, semantics 5), while the database's clock is moved through 2027. */

const CONTENT = { subject: 'News', text: 'Hi {{ first }}', render: 'liquid', name: 'weekly', tags: { team: 'a' } };
const RECIPIENTS = [
  { to: 'ada@example.com', data: { first: 'Ada' } },
  { to: 'bob@example.com', data: { first: 'Bob' } },
];

let url: string;
let scheduler: RunningScheduler;
let work: WorkDeliveries;
let api: Api;
let tenantId: TenantId;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  url = database.url;
  scheduler = await runScheduler(url, port);
  work = WorkDeliveries.on(url);
  api = new Api(scheduler.url);
  tenantId = await ensureTenant(work.db, 'dev');
}, 60_000);
afterAll(async () => {
  await scheduler.stop();
  await work.stop();
});

const rowsOf = async <Row extends object>(text: string, values: unknown[] = []) =>
  (await work.db.query<Row & Record<string, unknown>>({ name: '', text, values })).rows;

/** All that decides asks these two functions what time it is. */
async function moveClockTo(instant: string): Promise<void> {
  const ahead = Math.round(Date.parse(instant) - Date.now());
  const clocks = [
    ['clock_now', 'volatile', 'clock_timestamp()'],
    ['clock_statement', 'stable', 'statement_timestamp()'],
  ];
  for (const [name, volatility, clock] of clocks) {
    await rowsOf(`create or replace function ${name}() returns timestamptz language sql ${volatility}
      as $$select ${clock} + interval '${ahead} milliseconds'$$`);
  }
}

const create = (body: object) =>
  api.post<CampaignView>('/v1/campaigns', { ...CONTENT, recipients: RECIPIENTS, ...body });
const series = async (rule: string, from: string, more: object = {}) => {
  const { status, body } = await create({
    schedule: { local: from, timeZone: 'Europe/Berlin' },
    repeat: { rule, ...more },
  });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return body;
};
const read = async (id: string) => (await api.get<CampaignView>(`/v1/campaigns/${id}`)).body;
const act = (id: string, action: string) => api.post<CampaignView>(`/v1/campaigns/${id}/${action}`);

interface RunRow {
  readonly id: string;
  readonly run_at: Date;
  readonly status: string;
}
const runsOf = async (id: string) =>
  (
    await rowsOf<RunRow>(
      `select e.id, c.run_at, e.status from campaigns c join emails e on e.id = c.email_id where c.parent_id = $1 order by c.run_at`,
      [parsePublicId('campaign', id)],
    )
  ).map(({ id: run, ...row }) => ({ ...row, id: publicId('campaign', run as EmailId) }));
const instantsOf = async (id: string) =>
  (await runsOf(id)).map(({ run_at: at }) => `${at.toISOString().slice(0, 16)}Z`);
const until = (id: string, ...instants: string[]) =>
  eventually(async () => expect(await instantsOf(id)).toEqual(instants), 10_000);
const nextIs = (id: string, instant: string) =>
  eventually(async () => expect((await read(id)).nextSendAt?.slice(0, 16)).toBe(instant.slice(0, 16)), 10_000);

const lastRunOf = async (id: string) => (await runsOf(id)).at(-1)?.id ?? '';
/** By a cancel, which needs nobody to send. */
const endLastRun = async (id: string) => act(await lastRunOf(id), 'cancel');

/** Sends all copies of the last run of a series. */
async function finishLastRun(id: string): Promise<CampaignView> {
  const run = await lastRunOf(id);
  await eventually(async () => {
    const { expanding, counts } = await read(run);
    expect({ expanding, scheduled: counts.scheduled }).toEqual({ expanding: false, scheduled: 2 });
  }, 10_000);
  const claimed = await work.claimLine(run);
  await work.arm(claimed);
  await work.settle(claimed, 'sent');
  // Nothing is told here of what is sent, so its job is looked at now and then only.
  await eventually(async () => expect((await runsOf(id)).at(-1)?.status).toBe('completed'), 25_000);
  return read(run);
}

describe('a campaign that repeats', () => {
  it('has each run as a campaign of its own, at the same local time over a clock change', async () => {
    const made = await series('FREQ=WEEKLY;BYDAY=SU', '2027-03-17T02:30');
    expect(made).toMatchObject({
      status: 'scheduled',
      scheduledAt: '2027-03-21T01:30:00.000Z',
      nextSendAt: '2027-03-21T01:30:00.000Z',
      repeat: { rule: 'FREQ=WEEKLY;BYDAY=SU', until: null, overlap: 'skip' },
      parentId: null,
    });
    await moveClockTo('2027-03-21T01:29:59Z');
    await until(made.id, '2027-03-21T01:30Z');
    const first = await finishLastRun(made.id);
    expect(first).toMatchObject({
      parentId: made.id,
      repeat: null,
      name: 'weekly',
      tags: { team: 'a' },
      scheduledAt: '2027-03-21T01:30:00.000Z',
      schedule: { local: '2027-03-21T02:30' },
      counts: { total: 2, sent: 2 },
    });
    await moveClockTo('2027-03-28T01:29:59Z');
    await until(made.id, '2027-03-21T01:30Z', '2027-03-28T01:30Z'); // 02:30 is 03:30 that day
    await endLastRun(made.id);
    await moveClockTo('2027-04-04T00:29:59Z');
    await until(made.id, '2027-03-21T01:30Z', '2027-03-28T01:30Z', '2027-04-04T00:30Z');
    await nextIs(made.id, '2027-04-11T00:30Z');
    expect(await read(made.id)).toMatchObject({ status: 'running', expanding: false, counts: { total: 0 } });
    const names = await rowsOf<{ data: unknown }>(
      `select r.data from campaign_recipients r join campaigns c on c.email_id = r.email_id where c.parent_id = $1 order by c.run_at, r.place limit 2`,
      [parsePublicId('campaign', made.id)],
    );
    expect(names.map(({ data }) => data)).toEqual([{ first: 'Ada' }, { first: 'Bob' }]);
    expect((await act(made.id, 'cancel')).body.status).toBe('cancelled');
    expect((await runsOf(made.id)).at(-1)?.status).toBe('running');
  }, 60_000);

  it('leaves a run out, or has it wait, while the one before goes on', async () => {
    const skipping = await series('FREQ=DAILY', '2027-05-01T09:00');
    const buffering = await series('FREQ=DAILY', '2027-05-01T09:00', { overlap: 'buffer_one' });
    await moveClockTo('2027-05-01T07:00:01Z');
    await until(skipping.id, '2027-05-01T07:00Z');
    await until(buffering.id, '2027-05-01T07:00Z');
    await moveClockTo('2027-05-02T07:00:01Z');
    await nextIs(skipping.id, '2027-05-03T07:00Z');
    await endLastRun(skipping.id);
    expect(await instantsOf(buffering.id)).toEqual(['2027-05-01T07:00Z']);
    await endLastRun(buffering.id);
    await until(buffering.id, '2027-05-01T07:00Z', '2027-05-02T07:00Z');
    await moveClockTo('2027-05-03T07:00:01Z');
    await until(skipping.id, '2027-05-01T07:00Z', '2027-05-03T07:00Z');
    for (const { id } of [skipping, buffering]) await act(id, 'cancel');
  }, 60_000);

  it('catches up one run after an outage of a week, and that one is not late', async () => {
    const { id } = await series('FREQ=DAILY', '2027-06-01T09:00');
    await moveClockTo('2027-06-08T12:00:00Z');
    await until(id, '2027-06-08T07:00Z');
    await nextIs(id, '2027-06-09T07:00Z');
    expect((await read(await lastRunOf(id))).scheduledAt.slice(0, 13)).toBe('2027-06-08T12');
    await act(id, 'cancel');
  }, 30_000);

  it.each([
    ['its count', 'FREQ=DAILY;COUNT=2', '2027-07-01', {}],
    ['its end', 'FREQ=DAILY', '2027-08-01', { until: '2027-08-02T07:00:00Z' }],
  ])(
    'is completed at %s',
    async (_name, rule, day, more) => {
      const { id, jobId } = await series(rule, `${day}T09:00`, more);
      await moveClockTo(`${day}T07:00:01Z`);
      await eventually(async () => expect(await runsOf(id)).toHaveLength(1), 10_000);
      await endLastRun(id);
      await moveClockTo(`${day.slice(0, 8)}02T07:00:01Z`);
      await eventually(async () => expect((await read(id)).status).toBe('completed'), 10_000);
      expect(await runsOf(id)).toHaveLength(2);
      expect((await read(id)).nextSendAt).toBeNull();
      await eventually(
        async () =>
          expect((await api.get(`/v1/jobs/${jobId}`)).body).toMatchObject({ status: 'completed', stalled: false }),
        10_000,
      );
    },
    30_000,
  );

  it('makes no run while it is paused, and none that was due then', async () => {
    const { id } = await series('FREQ=DAILY', '2027-09-01T09:00');
    expect((await act(id, 'pause')).body.status).toBe('paused');
    await moveClockTo('2027-09-03T08:00:00Z');
    expect((await act(id, 'resume')).body).toMatchObject({
      status: 'running',
      nextSendAt: '2027-09-04T07:00:00.000Z',
    });
    await moveClockTo('2027-09-04T07:00:01Z');
    await until(id, '2027-09-04T07:00Z');
    await act(id, 'cancel');
  }, 30_000);

  it('makes a run once, whoever dies over it and however many make it', async () => {
    const { id } = await series('FREQ=DAILY', '2027-10-01T09:00');
    const campaign = { tenantId, id: parsePublicId('campaign', id) as string as EmailId };
    const dying = new Database({ url, application: 'dying', maxConnections: 1, plans: 'free', onIdleError: () => {} });
    await dying
      .transaction(async (tx) => {
        const run = { id: newId<EmailId>(), at: Date.parse('2027-10-01T07:00:00Z'), startAt: null, schedule: null };
        expect(await makeRun(tx, campaign, run)).toMatchObject({ recipients: 2 });
        expect(await makeRun(tx, campaign, { ...run, id: newId<EmailId>() })).toBeUndefined();
        await rowsOf(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dying'`);
      })
      .catch(() => undefined);
    await dying.stop();
    expect(await runsOf(id)).toEqual([]);
    await moveClockTo('2027-10-01T07:00:01Z');
    await Promise.all(Array.from({ length: 4 }, () => makeDueRun(work.db, campaign)));
    await until(id, '2027-10-01T07:00Z');
    await act(id, 'cancel');
  }, 30_000);

  it('begins with the first run that is not past when its draft is started', async () => {
    const { body } = await create({
      draft: true,
      schedule: { local: '2027-10-05T09:00', timeZone: 'Europe/Berlin' },
      repeat: { rule: 'FREQ=DAILY' },
    });
    await moveClockTo('2027-10-07T08:00:00Z');
    const started = await act(body.id, 'start');
    expect(started.body).toMatchObject({
      status: 'scheduled',
      scheduledAt: '2027-10-08T07:00:00.000Z',
      expanding: false,
    });
    await act(body.id, 'cancel');
  });

  it('can be repeated otherwise until it has ended', async () => {
    const { id } = await series('FREQ=DAILY', '2027-10-10T09:00');
    const patch = (change: object) => api.call<CampaignView>('PATCH', `/v1/campaigns/${id}`, change);
    expect((await patch({ repeat: { rule: 'FREQ=WEEKLY;BYDAY=TU', overlap: 'buffer_one' } })).body).toMatchObject({
      repeat: { rule: 'FREQ=WEEKLY;BYDAY=TU', until: null, overlap: 'buffer_one' },
      scheduledAt: '2027-10-12T07:00:00.000Z',
      nextSendAt: '2027-10-12T07:00:00.000Z',
      expanding: false,
    });
    const moved = await patch({ schedule: { local: '2027-10-20T10:00', timeZone: 'Europe/Berlin' } });
    expect(moved.body).toMatchObject({ nextSendAt: '2027-10-26T08:00:00.000Z', expanding: false });
    expect(problemOf(await patch({ repeat: { until: '2027-10-11T00:00:00Z' } }))).toMatchObject({
      errors: ['/repeat/until out_of_range'],
    });
    expect((await patch({ repeat: null })).status).toBe(409);
    await act(id, 'cancel');
    expect((await patch({ repeat: { overlap: 'skip' } })).status).toBe(409);
  });

  it.each([
    ['/repeat/rule', 'bad_format', { repeat: { rule: 'FREQ=HOURLY' } }],
    ['/repeat/rule', 'required', { repeat: {} }],
    ['/repeat/until', 'bad_time', { repeat: { rule: 'FREQ=DAILY', until: 'soon' } }],
    ['/repeat/until', 'out_of_range', { repeat: { rule: 'FREQ=DAILY', until: '2026-01-01T00:00:00Z' } }],
    ['/repeat/overlap', 'unknown_value', { repeat: { rule: 'FREQ=DAILY', overlap: 'all' } }],
    ['/repeat/every', 'unknown_field', { repeat: { rule: 'FREQ=DAILY', every: 2 } }],
    ['/expiresAt', 'conflict', { repeat: { rule: 'FREQ=DAILY' }, expiresAt: '2029-01-01T00:00:00Z' }],
  ])('is refused at %s: %s', async (pointer, code, body) => {
    const answer = await create(body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer, code }] });
  });
});
