import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type LimitRule,
  type ProcessId,
  type ProviderId,
  RATE_SLACK_MS,
  RATED_RELEASE_MS,
  type TenantId,
} from '#domain';
import {
  arm,
  changeLimit,
  chargeRates,
  createLimit,
  type Database,
  type DueClaim,
  newId,
  reclaim,
  releaseClaims,
  renewGrants,
} from '#storage';
import { createLog } from '#telemetry';
import { openPinned, specStatement, testDatabase, type TestDatabase } from '#testing';
import { storeCampaign } from '../testing/store-campaign.js';
import { ClaimLines } from './claim-lines.js';

const log = createLog({ app: 'poller', level: 'silent', pretty: false });
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = openPinned(database.url, 10);
}, 60_000);
afterAll(async () => {
  await db.stop();
  await database.drop();
});

const rule = (max: number, windowSeconds: number): LimitRule => ({
  max,
  windowSeconds,
  mode: 'rolling',
  timeZone: null,
  burst: null,
});
const run = (text: string, values: unknown[] = []) =>
  db.query<Record<string, unknown>>({ ...specStatement(text), values });

/** The most that any stretch of this length holds. */
function fullest(unsorted: readonly number[], lengthMs: number): number {
  const times = unsorted.toSorted((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; from < times.length; from += 1) {
    while (to < times.length && (times[to] ?? 0) < (times[from] ?? 0) + lengthMs) to += 1;
    most = Math.max(most, to - from);
  }
  return most;
}

/** So much faster the database's clock goes here: a window of 120 s, and the grants in it, pass in six. */
const PACE = 20;
const WINDOW_MS = 120_000;
const REAL_MS = 24_000;

const hurry = async () => {
  const epoch = `timestamptz '${new Date().toISOString()}'`;
  await run(`create or replace function clock_now() returns timestamptz language sql volatile
    as $$select ${epoch} + (clock_timestamp() - ${epoch}) * ${PACE}$$`);
  await run(`create or replace function clock_statement() returns timestamptz language sql stable
    as $$select ${epoch} + (statement_timestamp() - ${epoch}) * ${PACE}$$`);
};

/** What senders do with claims, and what becomes of them: some die, some give back, some renew and come late. */
class WildSenders {
  private readonly inHand = new Map<DueClaim, { atMs: number; renews: boolean }>();
  dropped = 0;

  take(claims: readonly DueClaim[]): void {
    const dies = Math.random() < 0.1; // a poller, with all that it has just taken
    for (const claim of claims) {
      if (dies || Math.random() < 0.1) this.dropped += 1;
      // Within its grant, mostly; some come too late.
      else
        this.inHand.set(claim, {
          atMs: performance.now() + (Math.random() ** 2 * 24_000) / PACE,
          renews: Math.random() < 0.2,
        });
    }
  }

  async work(): Promise<void> {
    const now = performance.now();
    const due = [...this.inHand].filter(([, { atMs }]) => atMs <= now).map(([claim]) => claim);
    const later = due.filter((claim) => this.inHand.get(claim)?.renews);
    const given = due.filter((claim) => !later.includes(claim) && Math.random() < 0.05);
    const asked = due.filter((claim) => !later.includes(claim) && !given.includes(claim));
    for (const claim of [...given, ...asked]) this.inHand.delete(claim);
    for (const claim of later) this.inHand.set(claim, { atMs: now + (Math.random() * 19_000) / PACE, renews: false });
    await renewGrants(db, later, 20);
    await releaseClaims(db, given);
    const asks = asked.map((claim) => ({ ...claim, contentVersion: 1, providerId: newId<ProviderId>() }));
    await arm(db, asks, newId<ProcessId>());
  }
}

describe('a limit', () => {
  it('holds in every window, whoever dies, restarts or runs beside, and while it is changed', async () => {
    await hurry();
    const tenantId = newId<TenantId>();
    const limit = await createLimit(db, tenantId, 'tenant', [rule(250, 120)]);
    if (!limit) throw new Error('there was a limit');
    for (const weight of [1, 3]) await storeCampaign(db, { tenantId, copies: 2_500, weight });
    const senders = [new WildSenders(), new WildSenders()];
    const ends = performance.now() + REAL_MS;
    const repeat = async (everyMs: number, work: () => Promise<unknown>) => {
      while (performance.now() < ends) {
        await work();
        await pause(everyMs);
      }
    };
    const pollers = senders.map((sender, i) => {
      const poller = new ClaimLines({
        lane: 'bulk',
        db,
        poller: newId<ProcessId>(),
        batch: 100 + i,
        grantSeconds: 20,
        log,
      });
      return repeat(20, () => poller.run((claims) => sender.take(claims)));
    });
    const changes: number[] = [];
    const change = async () => {
      for (const max of [150, 300]) {
        await pause(REAL_MS / 3);
        await changeLimit(db, limit, [rule(max, 120)]);
        changes.push(
          Number((await run('select extract(epoch from clock_now())::float8 * 1000 as now')).rows[0]?.['now']),
        );
      }
    };
    await Promise.all([
      ...pollers,
      ...senders.map((one) => repeat(30, () => one.work())),
      repeat(100, () => reclaim(db, 50)),
      change(),
    ]);

    const { rows } = await run(
      `select extract(epoch from armed_at)::float8 * 1000 as at, email_id from deliveries where tenant_id = $1 and armed_at is not null`,
      [tenantId],
    );
    const armed = rows.map(({ at }) => Number(at));
    // Received up to 5 s later (2 to release the dot, 3 on the wire): a fifth is kept for the other lane.
    for (const times of [armed, armed.map((at) => at + Math.random() * 5_000)]) {
      expect(fullest(times, WINDOW_MS)).toBeLessThanOrEqual(240);
      const [lowered = 0, raised = 0] = changes;
      // Grants of before may still be used for as long as a grant lasts.
      const between = times.filter((at) => at >= lowered + 25_000 && at < raised);
      expect(fullest(between, WINDOW_MS)).toBeLessThanOrEqual(120);
      expect(
        fullest(
          times.filter((at) => at < lowered),
          WINDOW_MS,
        ),
      ).toBeLessThanOrEqual(200);
    }
    expect(armed.length).toBeGreaterThan(500);
    // Nor is it held by sending next to nothing.
    expect(fullest(armed, WINDOW_MS)).toBeGreaterThan(150);
    expect(senders.every(({ dropped }) => dropped > 0)).toBe(true);
    const { rows: usage } = await run(
      'select sum(used)::int as used, min(used) as least from limit_usage where tenant_id = $1',
      [tenantId],
    );
    const { rows: held } = await run(
      `select count(*)::int as n from deliveries where tenant_id = $1 and status in ('queued', 'sending')`,
      [tenantId],
    );
    // What was granted and not used came back.
    expect(usage[0]?.['used']).toBe(held[0]?.['n']);
  }, 90_000);
});

describe('a rate', () => {
  it('holds in every window of whoever receives, in two processes at once and while it is changed', async () => {
    const tenantId = newId<TenantId>();
    const limit = await createLimit(db, tenantId, 'tenant', [rule(20, 1), rule(60, 5)]);
    if (!limit) throw new Error('there was a limit');
    await run(
      'create or replace function clock_now() returns timestamptz language sql volatile as $$select clock_timestamp()$$',
    );
    const received: number[] = [];
    const ends = performance.now() + 9_000;
    const ask = { charged: [limit.id], mode: 'live' as const, recipientKey: 'bob@example.com' };
    const connection = async () => {
      while (performance.now() < ends) {
        const askedAt = performance.now();
        const [answer] = await chargeRates(db, [ask]);
        if (answer?.kind === 'wait') await pause(answer.ms * (0.5 + Math.random() / 2));
        else await send(askedAt);
      }
    };
    /** Arms for a while, lets go in time or not at all, and is on the wire for up to 200 ms. */
    const send = async (askedAt: number) => {
      await pause(Math.random() * 150);
      if (performance.now() - askedAt > RATED_RELEASE_MS) return;
      received.push(performance.now() + Math.random() * 195);
    };
    let changedAt = Infinity;
    const change = pause(3_500)
      .then(() => changeLimit(db, limit, [rule(10, 1), rule(40, 5)]))
      .then(() => (changedAt = performance.now()));
    await Promise.all([...Array.from({ length: 16 }, connection), change]);
    expect(fullest(received, 1_000)).toBeLessThanOrEqual(20);
    expect(fullest(received, 5_000)).toBeLessThanOrEqual(60);
    // What was charged before it is received by then.
    const late = received.filter((at) => at > changedAt + RATE_SLACK_MS);
    expect(late.length).toBeGreaterThan(0);
    expect(fullest(late, 1_000)).toBeLessThanOrEqual(10);
    expect(received.length).toBeGreaterThan(60);
  }, 60_000);
});
