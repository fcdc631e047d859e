import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LimitRule, type LimitScope, type ProcessId, type SendWindow, type TenantId, WEEKDAYS } from '#domain';
import { explanationView } from '#http';
import { createLimit, type Database, newId, readWaitingOfEmail } from '#storage';
import { createLog } from '#telemetry';
import { openPinned, testDatabase, type TestDatabase } from '#testing';
import { ClaimLines } from '../../apps/poller/src/claim/claim-lines.js';
import { type CampaignWish, storeCampaign } from '../../apps/poller/src/testing/store-campaign.js';
import { turnsOf } from '../../apps/scheduler/src/deliveries/turn-of.js';

/** What an explanation promises against what the poller does, while the database's clock goes from one look to the next. */

const log = createLog({ app: 'poller', level: 'silent', pretty: false });
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url, 4);
}, 60_000);
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await db.query<Row & Record<string, unknown>>({ name: '', text, values })).rows;

/** All that decides asks these two functions what time it is. */
async function moveClockTo(ms: number): Promise<void> {
  const ahead = Math.round(ms - Date.now());
  const clocks = [
    ['clock_now', 'volatile', 'clock_timestamp()'],
    ['clock_statement', 'stable', 'statement_timestamp()'],
  ];
  for (const [name, volatility, clock] of clocks) {
    await rows(`create or replace function ${name}() returns timestamptz language sql ${volatility}
      as $$select ${clock} + interval '${ahead} milliseconds'$$`);
  }
}
const now = async () => (await rows<{ now: Date }>('select clock_now() as now'))[0]?.now.getTime() ?? 0;

const rule = (max: number, windowSeconds: number): LimitRule => ({
  max,
  windowSeconds,
  mode: 'rolling',
  timeZone: null,
  burst: null,
});

const poller = () =>
  new ClaimLines({ lane: 'bulk', db, poller: newId<ProcessId>(), batch: 1_000, grantSeconds: 20, log });

/** One look of a poller at all lines; how many it takes of a tenant. */
async function look(tenantId: TenantId): Promise<number> {
  let taken = 0;
  await poller().run((claims) => {
    taken += claims.filter((claim) => claim.tenantId === tenantId).length;
  });
  return taken;
}

/** When the poller takes the next one, if it looks whenever the line says so. */
async function takenAt(tenantId: TenantId): Promise<number> {
  for (let looks = 0; looks < 200; looks += 1) {
    const at = await now();
    if ((await look(tenantId)) > 0) return at;
    const [line] = await rows<{ next_at: Date }>('select min(next_at) as next_at from lines where tenant_id = $1', [
      tenantId,
    ]);
    await moveClockTo(Math.max(at, line?.next_at.getTime() ?? 0) + 1);
  }
  throw new Error('the poller took nothing in 200 looks');
}

interface Situation extends Omit<CampaignWish, 'tenantId' | 'copies'> {
  readonly copies?: number;
  readonly limits?: readonly (readonly [LimitScope, LimitRule])[];
  readonly spread?: 'even' | 'burst';
  /** Copies for the same people that were taken before. */
  readonly before?: number;
}

/** A campaign of which all was taken that may go now, and what is said of one of the others. */
async function waiting({ copies = 20, limits = [], spread = 'even', before = 0, ...wish }: Situation) {
  const tenantId = newId<TenantId>();
  for (const [scope, limit] of limits) await createLimit(db, tenantId, scope, [limit]);
  if (before > 0) await storeCampaign(db, { tenantId, copies: before });
  await look(tenantId);
  const email = await storeCampaign(db, { tenantId, copies, ...wish });
  await rows('update campaigns set spread = $2 where tenant_id = $1', [tenantId, spread]);
  await look(tenantId);
  const page = { limit: 100 };
  const all = await readWaitingOfEmail(db, { tenantId, mode: 'test' }, email, page);
  const row = all.find(({ status }) => status === 'scheduled');
  if (!row) throw new Error('nothing waits');
  const [turnAt] = await turnsOf(db, tenantId, [row]);
  const { nextEligibleAt, waitingFor } = explanationView(row, turnAt);
  return { tenantId, promised: Date.parse(nextEligibleAt ?? ''), reasons: waitingFor.map(({ reason }) => reason) };
}

const HOUR = 3_600_000;
/** Open from so many hours on, for an hour, by UTC. */
function openIn(hours: number): SendWindow {
  const at = new Date(Math.ceil(Date.now() / HOUR) * HOUR + hours * HOUR);
  const next = new Date(at.getTime() + HOUR);
  const day = WEEKDAYS[(at.getUTCDay() + 6) % 7] ?? 'mon';
  const text = (time: Date) => time.toISOString().slice(11, 16);
  return { days: [day], from: text(at), to: next.getUTCHours() === 0 ? '24:00' : text(next), timeZone: 'UTC' };
}

/** Each day open at this hour and the next. */
function openNow(): SendWindow {
  const at = Math.floor(Date.now() / HOUR) * HOUR;
  const text = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  return { days: WEEKDAYS, from: text(at), to: text(at + 2 * HOUR), timeZone: 'UTC' };
}

/** The pause of a loop between two looks, and what statements take. */
const NEAR_MS = 3_000;

describe('the instant at which something may go', () => {
  it.each<[string, string, Situation]>([
    ['a full limit of the tenant', 'limit', { limits: [['tenant', rule(10, 600)]] }],
    [
      'a full limit of its domain, where it lets others pass',
      'limit',
      { limits: [['domain:example.com', rule(10, 600)]] },
    ],
    ['a full limit of its own', 'limit', { hourlyLimit: 5, spread: 'burst' }],
    ['a full limit of each contact', 'limit', { before: 20, limits: [['contact', rule(1, 90)]] }],
    ['a rate', 'limit', { limits: [['tenant', rule(2, 30)]] }],
    ['a delay between two', 'delay', { delaySeconds: 40 }],
    ['a shut window', 'window', { windows: [openIn(30)] }],
    ['an even pace', 'delay', { hourlyLimit: 20 }],
    [
      'a limit that gives while its window is shut',
      'limit',
      { limits: [['tenant', rule(10, 9_000)]], windows: [openNow()] },
    ],
  ])('is when the poller takes the next one: %s', async (_what, reason, situation) => {
    await moveClockTo(Date.now());
    const { tenantId, promised, reasons } = await waiting(situation);
    expect(reasons).toContain(reason);
    const taken = await takenAt(tenantId);
    expect(taken - promised).toBeGreaterThan(-NEAR_MS);
    expect(taken - promised).toBeLessThan(NEAR_MS);
  });
});
