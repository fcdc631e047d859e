import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryId, TenantId } from '#domain';
import { type Database, DatabaseClock, type DueClaim, newId } from '#storage';
import { createLog, createMetrics } from '#telemetry';
import { RecordingPublisher } from '../testing/recording-publisher.js';
import { HandOver } from './hand-over.js';

const NOW = Date.UTC(2027, 0, 5, 9);

let publisher: RecordingPublisher;
let released: DeliveryId[][];
let handOver: HandOver;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  publisher = new RecordingPublisher();
  released = [];
  const clock = new DatabaseClock();
  clock.read(NOW);
  const query = ({ values }: { values: unknown[] }) => {
    released.push(values[1] as DeliveryId[]);
    return Promise.resolve({ rows: [] });
  };
  handOver = new HandOver({
    lane: 'bulk',
    db: { query } as unknown as Database,
    clock,
    publisher,
    log: createLog({ app: 'poller', level: 'silent', pretty: false }),
    facts: createMetrics('poller').facts,
  });
});
afterEach(() => void jest.useRealTimers());

const due = (inMs: number): DueClaim => ({
  tenantId: 'a' as TenantId,
  id: newId<DeliveryId>(),
  epoch: 1,
  mode: 'test',
  dueMs: NOW + inMs,
});
const nothing = (): void => undefined;
const sent = () => publisher.deliveries.map(({ id }) => id);
const ids = (claims: readonly DueClaim[]) => claims.map(({ id }) => id);

describe('handing over', () => {
  it('publishes each delivery in its millisecond, not before', async () => {
    const claims = [due(0), due(10), due(999)];
    handOver.take(claims);
    await jest.advanceTimersByTimeAsync(9);
    expect(sent()).toEqual(ids(claims.slice(0, 1)));
    await jest.advanceTimersByTimeAsync(1);
    expect(sent()).toEqual(ids(claims.slice(0, 2)));
    await jest.advanceTimersByTimeAsync(988);
    expect(sent()).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(sent()).toEqual(ids(claims));
    expect(handOver.backlog).toBe(0);
  });

  it('wakes earlier for what is due earlier', async () => {
    const [late, soon] = [due(900), due(50)];
    handOver.take([late]);
    handOver.take([soon]);
    await jest.advanceTimersByTimeAsync(50);
    expect(sent()).toEqual([soon.id]);
  });

  it('sends in one what came due while a send was under way', async () => {
    let finish: () => void = nothing;
    publisher.before = () => new Promise((resolve) => (finish = resolve));
    const claims = [due(0), due(5), due(6)];
    handOver.take(claims);
    await jest.advanceTimersByTimeAsync(20);
    expect(handOver.backlog).toBe(3);
    finish();
    publisher.before = () => Promise.resolve();
    await jest.advanceTimersByTimeAsync(1);
    expect(publisher.published.map(({ record }) => JSON.parse(String(record.value)) as object)).toMatchObject([
      { deliveries: [{}] },
      { deliveries: [{}, {}] },
    ]);
  });

  it('that Kafka refuses gives the claims back, stops claiming for a second and goes on', async () => {
    publisher.before = () => Promise.reject(new Error('no broker'));
    const claims = [due(0), due(0)];
    handOver.take(claims);
    await jest.advanceTimersByTimeAsync(1);
    expect(released.flat().toSorted()).toEqual(ids(claims).toSorted());
    expect(handOver.isBlocked).toBe(true);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(handOver.isBlocked).toBe(false);

    publisher.before = () => Promise.resolve();
    const later = due(1_100);
    handOver.take([later]);
    await jest.advanceTimersByTimeAsync(200);
    expect(sent()).toEqual([later.id]);
  });

  it('that Kafka does not answer for five seconds is given up: a broker that comes back late does no harm', async () => {
    let finish: () => void = nothing;
    publisher.before = () => new Promise((resolve) => (finish = resolve));
    const claim = due(0);
    handOver.take([claim]);
    await jest.advanceTimersByTimeAsync(4_999);
    expect([released, handOver.backlog, handOver.isBlocked]).toEqual([[], 1, false]);
    await jest.advanceTimersByTimeAsync(1);
    expect([released, handOver.backlog, handOver.isBlocked]).toEqual([[[claim.id]], 0, true]);
    finish();
    await jest.advanceTimersByTimeAsync(1_000);
    expect([released.length, handOver.isBlocked]).toEqual([1, false]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('that Kafka refuses late, after it was given up, gives nothing back twice', async () => {
    let refuse: (error: Error) => void = nothing;
    publisher.before = () => new Promise((_resolve, reject) => (refuse = reject));
    handOver.take([due(0)]);
    await jest.advanceTimersByTimeAsync(5_000);
    refuse(new Error('no broker'));
    await jest.advanceTimersByTimeAsync(1_000);
    expect([released.length, handOver.isBlocked]).toEqual([1, false]);
  });

  it('stops by finishing the send under way and giving back what is held; twice is once', async () => {
    let finish: () => void = nothing;
    publisher.before = () => new Promise((resolve) => (finish = resolve));
    const [now, later] = [due(0), due(500)];
    handOver.take([now, later]);
    const stopped = handOver.stop();
    finish();
    await stopped;
    await handOver.stop();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(sent()).toEqual([now.id]);
    expect(released.flat()).toEqual([later.id]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
