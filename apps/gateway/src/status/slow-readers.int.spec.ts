import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket as TcpSocket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testDatabase, uniqueName } from '#testing';
import { storeEmail } from '../testing/store-email.js';
import { deliveriesIn } from './pace/events.js';
import { type Client, KEYS, Stage } from '../testing/stage.js';

let stage: Stage;
/** The gateway's ends of all connections. A corked one passes nothing on, as if nobody read at the other end. */
const ends = new Set<TcpSocket>();
const note = (message: unknown) => void ends.add((message as { socket: TcpSocket }).socket);

beforeAll(async () => {
  const { url: databaseUrl } = await testDatabase();
  stage = await Stage.open({ databaseUrl, topicPrefix: uniqueName('status-') });
  subscribe('net.server.socket', note);
}, 60_000);

afterEach(() => {
  stage.leave();
  ends.clear();
});
afterAll(async () => {
  unsubscribe('net.server.socket', note);
  await stage.close();
});

/** Clients of the tenant's topic that have heard how things are, and read nothing from now on. */
async function stuckClients(count: number): Promise<{ readonly clients: Client[]; readonly ends: TcpSocket[] }> {
  const before = new Set(ends);
  const clients: Client[] = [];
  while (clients.length < count) {
    const batch = Array.from({ length: Math.min(50, count - clients.length) }, () =>
      stage.client(KEYS.acme, { topics: 'tenant' }),
    );
    clients.push(...(await Promise.all(batch)));
  }
  await eventually(() => {
    for (const { events } of clients) expect(events.some((event) => 'ok' in event)).toBe(true);
  }, 60_000);
  const stuck = [...ends].filter((end) => !before.has(end));
  for (const end of stuck) end.cork();
  return { clients, ends: stuck };
}

/** What the process holds on to. */
function heldBytes(): number {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const DELIVERIES = 1_000;
const UPDATES = 200;

/** Much that may be left out, something that may not, and a job to its end. */
async function tellMuch(): Promise<void> {
  const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
  const job = await stage.storeJob(null);
  await stage.tellSent(email, DELIVERIES);
  await Promise.all(Array.from({ length: UPDATES }, () => stage.tellUpdated(email)));
  for (const done of [10, 50, 100]) await stage.tellJob(job, done);
  await stage.relayAll();
}

const lastProgress = ({ events }: Client) =>
  (events.findLast(({ type }) => type === 'job.progress')?.data as { rows: { done: number } } | undefined)?.rows.done;

function hasHeardAll(client: Client, times = 1): void {
  const events = client.events.filter((event) => 'type' in event); // the others are answers
  // At least once: Kafka may repeat what it told before.
  expect(deliveriesIn(events)).toBeGreaterThanOrEqual(times * DELIVERIES);
  expect(new Set(events.filter(({ type }) => type === 'email.updated').map(({ id }) => id)).size).toBe(times * UPDATES);
  expect([lastProgress(client), events.some(({ type }) => type === 'job.completed')]).toEqual([100, true]);
}

describe('of clients that do not read', () => {
  it('a thousand cost little memory, hold up nobody, and are cut off', async () => {
    const healthy = await stage.client(KEYS.acme);
    await healthy.subscribe('tenant');
    const { clients } = await stuckClients(1_000);
    const before = heldBytes();
    await tellMuch();
    await eventually(() => hasHeardAll(healthy), 20_000);
    expect((heldBytes() - before) / clients.length).toBeLessThan(150_000);
    await eventually(() => expect(clients.filter(({ socket }) => socket.connected).length).toBe(0), 20_000);
    expect(healthy.socket.connected).toBe(true);
  }, 120_000);

  it('one that reads again in time has lost only deliveries, and knows how many', async () => {
    const healthy = await stage.client(KEYS.acme);
    await healthy.subscribe('tenant');
    const { clients, ends: stuck } = await stuckClients(1);
    for (const times of [1, 2]) {
      await tellMuch();
      await eventually(() => hasHeardAll(healthy, times), 20_000);
    }
    for (const end of stuck) end.uncork();
    await eventually(() => clients.forEach((client) => hasHeardAll(client, 2)), 10_000);
    const sentTo = (client: Client) => client.events.filter(({ type }) => type === 'delivery.sent').length;
    expect(Math.max(...clients.map(sentTo))).toBeLessThan(sentTo(healthy));
  }, 60_000);
});
