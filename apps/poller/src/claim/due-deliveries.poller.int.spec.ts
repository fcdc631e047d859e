import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryId, DeliveryStatus, ProcessId } from '#domain';
import { type Database, newId, readNow } from '#storage';
import { createLog, createMetrics } from '#telemetry';
import { eventually, openPinned, testDatabase } from '#testing';
import { RecordingPublisher } from '../testing/recording-publisher.js';
import { storeEmails } from '../testing/store-emails.js';
import { DueDeliveriesPoller } from './due-deliveries.poller.js';

let db: Database;
let publisher: RecordingPublisher;

beforeAll(async () => {
  const { url } = await testDatabase();
  db = openPinned(url, 4);
});
beforeEach(() => {
  publisher = new RecordingPublisher();
});
afterAll(() => db.stop());

const aPoller = (batch = 200) =>
  new DueDeliveriesPoller({
    lane: 'bulk',
    db,
    publisher,
    poller: newId<ProcessId>(),
    batch,
    grantSeconds: 20,
    log: createLog({ app: 'poller', level: 'silent', pretty: false }),
    facts: createMetrics('poller').facts,
  });

/** The latest that the database's clock can have shown at a moment of our monotonic one. */
async function latestClock(): Promise<(atMs: number) => number> {
  const before = performance.now();
  const databaseMs = await readNow(db);
  return (atMs) => databaseMs + (atMs - before);
}

async function statuses(ids: readonly DeliveryId[]): Promise<Partial<Record<DeliveryStatus, number>>> {
  const text = 'select status, count(*)::int as count from deliveries where id = any ($1::uuid[]) group by status';
  const { rows } = await db.query<{ status: DeliveryStatus; count: number }>({ name: 'statuses', text, values: [ids] });
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

describe('the poller of a lane', () => {
  it('publishes 2,000 deliveries that are due now and in the next second once each, none before its time', async () => {
    const clock = await latestClock();
    const now = await readNow(db);
    const times = Array.from({ length: 2_000 }, (_, index) => new Date(Math.floor(now + (index % 2 ? index : -index))));
    const due = await storeEmails(db, 'bulk', times);
    const pollers = [aPoller(), aPoller(1_000)]; // two replicas
    for (const poller of pollers) poller.start();

    await eventually(() => expect(publisher.deliveries).toHaveLength(2_000), 15_000);
    await Promise.all(pollers.map((poller) => poller.stop()));

    const handed = publisher.deliveries;
    expect(new Set(handed.map(({ id }) => id))).toEqual(new Set(due.keys()));
    expect(handed).toHaveLength(2_000);
    const early = handed.filter(({ id, atMs }) => clock(atMs) < (due.get(id) ?? Infinity));
    expect(early).toEqual([]);
    expect(await statuses([...due.keys()])).toEqual({ queued: 2_000 });
  }, 60_000);

  it('is woken for what is due sooner than it looks', async () => {
    const poller = aPoller();
    poller.start();
    const due = await storeEmails(db, 'bulk', [new Date(await readNow(db))]);
    poller.wake();
    await eventually(() => expect(publisher.deliveries.map(({ id }) => id)).toEqual([...due.keys()]), 5_000);
    await poller.stop();
  });

  it('gives back what it holds when it stops: nothing is lost, nothing is sent early', async () => {
    const now = await readNow(db);
    const due = await storeEmails(
      db,
      'bulk',
      Array.from({ length: 300 }, () => new Date(now + 900)),
    );
    const ids = [...due.keys()];
    const poller = aPoller();
    poller.start();
    await eventually(async () => expect(await statuses(ids)).toEqual({ queued: 300 }), 5_000);
    await poller.stop();
    await poller.stop();
    const sent = publisher.deliveries.length;
    expect(await statuses(ids)).toEqual(
      sent === 300 ? { queued: 300 } : { scheduled: 300 - sent, ...(sent > 0 && { queued: sent }) },
    );

    const next = aPoller();
    next.start();
    await eventually(() => expect(new Set(publisher.deliveries.map(({ id }) => id))).toEqual(new Set(ids)), 5_000);
    await next.stop();
  });

  it('goes on by itself when Kafka has been away', async () => {
    let refusals = 0;
    publisher.before = () => Promise.reject(new Error(`no broker, ${(refusals += 1)} times`));
    const due = await storeEmails(db, 'bulk', [new Date(await readNow(db))]);
    const poller = aPoller();
    poller.start();
    await eventually(() => expect(refusals).toBe(1), 5_000);
    await eventually(async () => expect(await statuses([...due.keys()])).toEqual({ scheduled: 1 }), 5_000);
    publisher.before = () => Promise.resolve();
    await eventually(() => expect(publisher.deliveries).toHaveLength(1), 10_000);
    await poller.stop();
  }, 60_000);
});
