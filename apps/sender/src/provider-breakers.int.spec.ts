import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_BREAKER_TIMINGS } from '#couriers';
import type { Mode, Outcome, ProviderId } from '#domain';
import { type ClaimedDelivery, type Database, getDelivery, newId } from '#storage';
import { createLog, createMetrics } from '#telemetry';
import { eventually, openPinned, testDatabase } from '#testing';
import { DeliveryQueue } from './delivery-queue.js';
import { Intake } from './intake.js';
import { ProviderBreakers } from './provider-breakers.js';
import type { Provider } from './providers.js';
import { aDelivery } from './testing/claimed-delivery.js';
import { storeAndClaim } from './testing/store-email.js';

const log = createLog({ app: 'sender', level: 'silent', pretty: false });
const { facts } = createMetrics('sender');
const denied: Outcome = {
  kind: 'provider_fault',
  phase: 'connecting',
  reply: { code: 535, enhanced: '5.7.8', text: '5.7.8 no' },
  error: null,
};
const unreachable: Outcome = { kind: 'temporary', phase: 'connecting', reply: null, error: 'ECONNREFUSED' };
const accepted: Outcome = {
  kind: 'accepted',
  phase: 'reply_received',
  reply: { code: 250, enhanced: null, text: 'ok' },
};

let db: Database;
beforeAll(async () => {
  const { url } = await testDatabase();
  db = openPinned(url, 4);
});
afterAll(() => db.stop());

/** What a sender knows; its clock moves by hand, the database's does not. */
function aSender(providerId: ProviderId) {
  const clock = { ms: 0 };
  const monotonicMs = () => clock.ms;
  const breakers = new ProviderBreakers({
    db,
    providers: [providerId],
    timings: DEFAULT_BREAKER_TIMINGS,
    log,
    facts,
    monotonicMs,
  });
  const later = (seconds: number) => (clock.ms += seconds * 1_000);
  return { breakers, later };
}

/** One after the other: each claims whatever is due. */
async function several(count: number): Promise<ClaimedDelivery[]> {
  const claimed: ClaimedDelivery[] = [];
  while (claimed.length < count) claimed.push(await storeAndClaim(db));
  return claimed;
}

/** As if it had been open for long enough, by the database's clock. */
const timeIsOver = (id: ProviderId) =>
  db.query({ name: 'over', text: 'update breakers set open_until = clock_now() where provider_id = $1', values: [id] });

describe('the breaker of a provider', () => {
  it('that one sender opened stops the other within a second, and the one that probes closes it for both', async () => {
    const id = newId<ProviderId>();
    const [one, other] = [aSender(id), aSender(id)];
    expect([await one.breakers.admit(id), await other.breakers.admit(id)]).toEqual(['go', 'go']);
    await one.breakers.ended(id, denied, false);
    other.later(1);
    await other.breakers.look();
    expect(other.breakers.breaker(id)).toMatchObject({ state: 'open', opened: 1 });

    await timeIsOver(id);
    one.later(1);
    other.later(1);
    const asked = await Promise.all([one.breakers.admit(id), other.breakers.admit(id)]);
    expect(asked.toSorted()).toEqual(['probe', 'wait']);
    const [prober, waiter] = asked[0] === 'probe' ? [one, other] : [other, one];
    await prober.breakers.ended(id, accepted, true);
    expect(await prober.breakers.admit(id)).toBe('go');
    waiter.later(1);
    expect(await waiter.breakers.admit(id)).toBe('go');
  });

  it('opens after five connections in a row that failed, not after four and a good one', async () => {
    const id = newId<ProviderId>();
    const { breakers } = aSender(id);
    const four = [unreachable, unreachable, unreachable, unreachable];
    for (const outcome of [...four, accepted, ...four]) await breakers.ended(id, outcome, false);
    expect(breakers.breaker(id)).toMatchObject({ state: 'closed' });
    // What met a fault while others pass asks more and more rarely.
    expect([breakers.backSeconds(id), breakers.backSeconds(id, 3_600)]).toEqual([30, 1_800]);
    await breakers.ended(id, unreachable, false);
    expect(breakers.breaker(id)).toMatchObject({ state: 'open', opened: 1 });
    expect(await breakers.admit(id)).toBe('wait');
    expect(breakers.backSeconds(id)).toBeGreaterThan(29);
  });

  it('stays open for longer when its probe fails, whoever opened it', async () => {
    const id = newId<ProviderId>();
    const [one, other] = [aSender(id), aSender(id)];
    await one.breakers.ended(id, denied, false);
    await other.breakers.look();
    other.later(31);
    // The row still says open: the database's clock has not moved, so nobody may probe yet.
    expect(await other.breakers.admit(id)).toBe('wait');
    await timeIsOver(id);
    other.later(1);
    expect(await other.breakers.admit(id)).toBe('probe');
    await other.breakers.ended(id, denied, true);
    expect(other.breakers.breaker(id)).toMatchObject({ state: 'open', opened: 2 });
    expect(other.breakers.backSeconds(id)).toBeGreaterThan(59);
  });
});

describe('mail for a provider that is down', () => {
  const status = async ({ tenantId, mode, id }: ClaimedDelivery) => await getDelivery(db, tenantId, mode, id);

  function anIntake(providerId: ProviderId) {
    const sender = aSender(providerId);
    const statements: string[] = [];
    const counting = {
      query: (query: Parameters<Database['query']>[0]) => {
        statements.push(query.name);
        return db.query(query);
      },
    } as unknown as Database;
    const queue = new DeliveryQueue(10);
    const providers = { for: (mode: Mode) => (mode === 'live' ? null : ({ id: providerId } as Provider)) };
    return {
      ...sender,
      queue,
      statements,
      intake: new Intake({ db: counting, queue, providers, log, facts, ...sender }),
    };
  }

  it('goes back in one statement, uncounted and untold, and what is suppressed or has no time left does not', async () => {
    const id = newId<ProviderId>();
    const { intake, breakers, queue, statements } = anIntake(id);
    await breakers.ended(id, denied, false);
    const waiting = await several(5);
    await intake.add([...waiting, aDelivery({ isSuppressed: true }), aDelivery({ budgetLeftSeconds: 0 })]);
    expect(queue.waiting).toBe(2);
    expect(statements).toHaveLength(1);
    for (const delivery of waiting) {
      const row = await status(delivery);
      expect(row).toMatchObject({ status: 'scheduled', reason: 'provider_down', attempt: 0, version: 1, attempts: [] });
      const waitsMs = (row?.due_at.getTime() ?? 0) - Date.now();
      expect(waitsMs).toBeGreaterThan(25_000);
      expect(waitsMs).toBeLessThan(46_000);
    }
  });

  it('that was queued already is taken back when the breaker opens', async () => {
    const id = newId<ProviderId>();
    const { intake, breakers, queue } = anIntake(id);
    const delivery = await storeAndClaim(db);
    await intake.add([delivery]);
    expect(queue.waiting).toBe(1);
    await breakers.ended(id, denied, false);
    expect(queue.waiting).toBe(0);
    await eventually(async () => expect(await status(delivery)).toMatchObject({ reason: 'provider_down' }), 5_000);
  });

  it('waits, too, where there is no provider at all', async () => {
    const { intake, queue } = anIntake(newId<ProviderId>());
    const delivery = await storeAndClaim(db, { mode: 'live' });
    await intake.add([delivery]);
    expect(queue.waiting).toBe(0);
    expect(await status(delivery)).toMatchObject({ status: 'scheduled', reason: 'provider_down' });
  });

  it('is let through one by one when its time is over: the first may be the probe', async () => {
    const id = newId<ProviderId>();
    const { intake, breakers, queue, later } = anIntake(id);
    await breakers.ended(id, denied, false);
    await timeIsOver(id);
    later(1);
    await intake.add(await several(3));
    expect(queue.waiting).toBe(1);
  });
});
