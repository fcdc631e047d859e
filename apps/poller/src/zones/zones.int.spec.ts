import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmailId, TenantId } from '#domain';
import { type Database, newId, planZoneWalk } from '#storage';
import { createLog } from '#telemetry';
import { openPinned, specStatement, testDatabase, type TestDatabase } from '#testing';
import { storeCampaign } from '../testing/store-campaign.js';
import { storeEmails } from '../testing/store-emails.js';
import { zonesDuty } from './zones.duty.js';

/** Local times whose clocks change before the claim come at their new instants, and never in the past (semantics 5). */

const log = createLog({ app: 'poller', level: 'silent', pretty: false });
let database: TestDatabase;
let db: Database;
let tenantId: TenantId;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url, 4);
}, 60_000);
beforeEach(async () => {
  tenantId = newId<TenantId>();
  await rows(`insert into tenants (id, name) values ($1::uuid, $1::uuid::text)`);
});
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const rows = async <Row extends object>(text: string, ...more: unknown[]): Promise<Row[]> =>
  (await db.query<Row & Record<string, unknown>>({ ...specStatement(text), values: [tenantId, ...more] })).rows;

let versions = 0;
/** A process that knows newer time zones than all before. */
async function newerZones(tzdata = `2026-${String((versions += 1)).padStart(4, '0')}`): Promise<void> {
  const duty = zonesDuty({ db, log, tzdata });
  while ((await duty.pass()) === 0);
}
async function movedTo(timeZone: string): Promise<void> {
  await rows(
    `insert into tenant_settings (tenant_id, time_zone) values ($1, $2) on conflict (tenant_id) do update set time_zone = $2`,
    timeZone,
  );
  await planZoneWalk(db, tenantId, 0);
  const duty = zonesDuty({ db, log, tzdata: '0' });
  while ((await duty.pass()) === 0);
}

const BERLIN = { local: '2027-07-01T09:00', timeZone: 'Europe/Berlin' };
const IN_BERLIN = '2027-07-01T07:00:00.000Z';

/** An email as it was stored when the clocks of its zone were thought to be an hour off. */
async function anEmail(wish: object, at = '2027-07-01T08:00:00Z'): Promise<EmailId> {
  const [id] = (await storeEmails(db, 'transactional', [new Date(at)])).keys();
  const [email] = await rows<{ email_id: EmailId }>(
    `with copy as (update deliveries set tenant_id = $1 where id = $2 returning id, email_id),
      queued as (update due set tenant_id = $1 from copy where due.id = copy.id)
    update emails set tenant_id = $1, wish = $3::json from copy where emails.id = copy.email_id returning email_id`,
    id,
    JSON.stringify(wish),
  );
  if (!email) throw new Error('it was not stored');
  return email.email_id;
}

interface Times {
  readonly scheduled: string;
  readonly due: string;
  readonly queued: string | null;
  readonly epoch: number;
}
async function timesOf(id: EmailId): Promise<Times[]> {
  const found = await rows<{ scheduled_at: Date; due_at: Date; queued_at: Date | null; epoch: number }>(
    `select e.scheduled_at, d.due_at, q.due_at as queued_at, d.epoch from deliveries d
      join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id left join due q on q.id = d.id
    where d.tenant_id = $1 and d.email_id = $2 order by d.id`,
    id,
  );
  return found.map((row) => ({
    scheduled: row.scheduled_at.toISOString(),
    due: row.due_at.toISOString(),
    queued: row.queued_at?.toISOString() ?? null,
    epoch: row.epoch,
  }));
}
const told = async (id: EmailId) =>
  (
    await rows<{ type: string }>('select type from outbox where tenant_id = $1 and email_id = $2 order by type', id)
  ).map(({ type }) => type);
const timeOf = async (id: EmailId) => (await timesOf(id))[0];

describe('newer time zones', () => {
  it('move what waits for a local time, and tell it as a reschedule', async () => {
    const id = await anEmail(BERLIN);
    await newerZones();
    expect(await timesOf(id)).toEqual([{ scheduled: IN_BERLIN, due: IN_BERLIN, queued: IN_BERLIN, epoch: 1 }]);
    expect(await told(id)).toEqual(['delivery.scheduled', 'email.updated']);
    await newerZones();
    expect(await told(id)).toHaveLength(2);
  });

  it('are looked for once: the same or older ones move nothing', async () => {
    await newerZones('2026-9000');
    versions = 9_000;
    const id = await anEmail(BERLIN);
    await newerZones('2026-9000');
    await newerZones('2025b');
    expect((await timeOf(id))?.due).toBe('2027-07-01T08:00:00.000Z');
  });

  it('never move into the past: what would have been is due now', async () => {
    const id = await anEmail({ ...BERLIN, local: '2026-01-05T09:00' });
    await newerZones();
    const due = Date.parse((await timeOf(id))?.due ?? '');
    expect(Math.abs(due - (await now()))).toBeLessThan(60_000);
  });

  it('leave alone what waits for a retry, and what wishes an instant', async () => {
    const [retried, instant] = [await anEmail(BERLIN), await anEmail(BERLIN)];
    await rows('update deliveries set attempt = 1 where tenant_id = $1 and email_id = $2', retried);
    await rows('update emails set wish = null where tenant_id = $1 and id = $2', instant);
    await newerZones();
    for (const id of [retried, instant]) expect((await timeOf(id))?.due).toBe('2027-07-01T08:00:00.000Z');
  });

  it('move copies at the local time of each recipient, chunk by chunk', async () => {
    const id = await aLocalCampaign(1_200);
    await newerZones();
    const times = await timesOf(id);
    expect(new Set(times.map(({ due }) => due))).toEqual(new Set([IN_BERLIN]));
    expect(times.every(({ due, queued }) => due === queued)).toBe(true);
  });

  it('move the start of a campaign, and have its copies moved with it', async () => {
    const id = await storeCampaign(db, { tenantId, copies: 2 });
    await rows(
      `update emails set status = 'scheduled', wish = $3::json, scheduled_at = '2027-07-01T08:00:00Z' where tenant_id = $1 and id = $2`,
      id,
      JSON.stringify(BERLIN),
    );
    await newerZones();
    expect((await timeOf(id))?.scheduled).toBe(IN_BERLIN);
    expect(await rows('select moving, position from campaigns where tenant_id = $1')).toEqual([
      { moving: true, position: 0 },
    ]);
    expect(await rows('select next_at from lines where tenant_id = $1')).toEqual([{ next_at: new Date(IN_BERLIN) }]);
    expect(await told(id)).toEqual(['email.updated']);
  });

  it('move the next run of what repeats', async () => {
    const id = await storeCampaign(db, { tenantId, copies: 0 });
    await rows(
      `with campaign as (update campaigns set repeat = '{"rule":"FREQ=DAILY","until":null,"overlap":"skip"}', next_run_at = '2027-07-03T08:00:00Z'
        where tenant_id = $1 and email_id = $2)
      update emails set wish = $3::json, scheduled_at = '2026-07-01T07:00:00Z' where tenant_id = $1 and id = $2`,
      id,
      JSON.stringify(BERLIN),
    );
    await newerZones();
    expect(await rows('select next_run_at from campaigns where tenant_id = $1')).toEqual([
      { next_run_at: new Date('2027-07-03T07:00:00Z') },
    ]);
  });
});

describe('a tenant that moves to another zone', () => {
  const LOCAL = { local: '2027-07-01T09:00', timeZone: 'recipient' };
  const BY_UTC = '2027-07-01T09:00:00.000Z';

  it('takes along what goes by its clock, and nothing else', async () => {
    const [own, fallback, named] = [
      await anEmail(LOCAL, BY_UTC),
      await anEmail({ ...LOCAL, fallback: 'Asia/Tokyo' }, '2027-07-01T00:00:00Z'),
      await anEmail(BERLIN, IN_BERLIN),
    ];
    await movedTo('America/New_York');
    expect((await timeOf(own))?.due).toBe('2027-07-01T13:00:00.000Z');
    expect((await timeOf(fallback))?.due).toBe('2027-07-01T00:00:00.000Z');
    expect((await timeOf(named))?.epoch).toBe(0);
  });

  it('takes along recipients of campaigns whose zone nobody knows', async () => {
    const id = await aLocalCampaign(2);
    await rows(
      `update deliveries set time_zone = null where id = (select min(id::text)::uuid from deliveries where tenant_id = $1)`,
    );
    await movedTo('America/New_York');
    expect((await timesOf(id)).map(({ due }) => due)).toEqual(['2027-07-01T13:00:00.000Z', IN_BERLIN]);
  });
});

const now = async () =>
  (await rows<{ now: Date }>('select clock_now() as now, $1::uuid as tenant'))[0]?.now.getTime() ?? 0;

/** One that has begun, and whose copies for Berlin are an hour off. */
async function aLocalCampaign(copies: number): Promise<EmailId> {
  const id = await storeCampaign(db, { tenantId, copies });
  await rows(
    `with wished as (update emails set wish = '{"local":"2027-07-01T09:00","timeZone":"recipient"}' where tenant_id = $1 and id = $2::uuid),
      copies as (update deliveries set time_zone = 'Europe/Berlin', local_date = '2027-07-01', due_at = '2027-07-01T08:00:00Z'
        where tenant_id = $1 and email_id = $2)
    update due set due_at = '2027-07-01T08:00:00Z' where tenant_id = $1 and line = $2::uuid::text`,
    id,
  );
  return id;
}
