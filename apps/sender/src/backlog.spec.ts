import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryId, Lane, ProcessId, TenantId } from '#domain';
import { type Claim, type ClaimedDelivery, type Database, newId } from '#storage';
import { createLog, type Logger } from '#telemetry';
import { eventually } from '#testing';
import { Backlog } from './backlog.js';

const claims = (count: number): Claim[] =>
  Array.from({ length: count }, () => ({ tenantId: newId<TenantId>(), id: newId<DeliveryId>(), epoch: 1 }));
const turns = () => new Promise((resolve) => setImmediate(resolve));

let failures: number;
let loads: number;
let bad: ReadonlySet<Claim['id']>;
let room: Record<Lane, Promise<boolean>>;
let loaded: ClaimedDelivery[];
let complaints: jest.Mock<Logger['error']>;
let backlog: Backlog;

beforeEach(() => {
  [failures, loads, loaded, bad] = [0, 0, [], new Set()];
  room = { transactional: Promise.resolve(true), bulk: Promise.resolve(true) };
  const query = ({ values }: { values: [TenantId[], DeliveryId[], number[]] }) => {
    loads += 1;
    if (failures > 0) return Promise.reject(new Error(`away ${(failures -= 1)}`));
    if (values[1].some((id) => bad.has(id)))
      return Promise.reject(Object.assign(new Error('invalid input syntax for type uuid'), { code: '22P02' }));
    return Promise.resolve({
      rows: values[1].map((id, index) => ({
        id,
        tenant_id: values[0][index],
        epoch: 1,
        late_ms: 0,
        class: 'bulk',
        windows: [],
        tenant_windows: [],
      })),
    });
  };
  const queue = {
    hasRoom: (lane: Lane) => room[lane],
    add: (deliveries: readonly ClaimedDelivery[]) => loaded.push(...deliveries) > 0,
  };
  const log = createLog({ app: 'sender', level: 'silent', pretty: false });
  complaints = jest.fn();
  log.error = complaints;
  backlog = new Backlog({ query } as unknown as Database, newId<ProcessId>(), queue, log);
});

describe('claims that wait to be loaded', () => {
  it('are loaded in their order, a hundred at a time, and none is lost or doubled', async () => {
    const given = claims(950);
    backlog.add('bulk', given.slice(0, 500));
    backlog.start();
    backlog.add('bulk', given.slice(500));
    await eventually(() => expect(loaded.map(({ id }) => id)).toEqual(given.map(({ id }) => id)), 2_000);
    expect(loads).toBeLessThanOrEqual(11);
    expect(backlog.held).toEqual([]);
    backlog.close();
  });

  it('of one lane do not wait for the other', async () => {
    room.bulk = new Promise(() => {});
    const urgent = claims(10);
    backlog.start();
    backlog.add('bulk', claims(10));
    backlog.add('transactional', urgent);
    await eventually(() => expect(loaded.map(({ id }) => id)).toEqual(urgent.map(({ id }) => id)), 2_000);
    expect(backlog.held).toHaveLength(10);
    backlog.close();
  });

  it('stay in hand while the database is away, so that they are renewed', async () => {
    failures = 1;
    const given = claims(3);
    backlog.start();
    backlog.add('bulk', given);
    await eventually(() => expect(loads).toBe(1), 2_000);
    expect(backlog.held).toEqual(given);
    await eventually(() => expect(loaded).toHaveLength(3), 2_000);
    backlog.close();
  });

  it('that the database cannot read are dropped, and hold nothing up', async () => {
    const given = claims(120);
    const unreadable = [given[0], given[57], given[58], given[119]].flatMap((claim) => (claim ? [claim.id] : []));
    bad = new Set(unreadable);
    backlog.add('bulk', given);
    backlog.start();
    const readable = given.map(({ id }) => id).filter((id) => !bad.has(id));
    await eventually(() => expect(loaded.map(({ id }) => id)).toEqual(readable), 2_000);
    await eventually(() => expect(backlog.held).toEqual([]), 2_000);
    expect(complaints.mock.calls.map(([facts]) => facts)).toMatchObject(
      unreadable.map((deliveryId) => ({ deliveryId })),
    );
    backlog.close();
  });

  it('that were lost to somebody else are not loaded', async () => {
    const given = claims(4);
    backlog.add('bulk', given);
    backlog.drop(new Set(given.slice(0, 2)));
    backlog.start();
    await eventually(() => expect(loaded).toHaveLength(2), 2_000);
    backlog.close();
  });

  it('that were lost under an old epoch do not take the new one along', () => {
    const [old] = claims(1);
    if (!old) throw new Error('no claim');
    const edited = { ...old, epoch: 3 };
    backlog.add('bulk', [old, edited]);
    backlog.drop(new Set([old]));
    expect(backlog.held).toEqual([edited]);
  });

  it('leave no room beyond 20,000 in a lane, and make room when half are gone or lost', async () => {
    const given = claims(20_000);
    backlog.add('bulk', given);
    const told = jest.fn();
    void backlog.hasRoom('bulk').then(told);
    expect(await backlog.hasRoom('transactional')).toBe(true);
    await turns();
    expect(told).not.toHaveBeenCalled();
    backlog.drop(new Set(given.slice(0, 10_001)));
    await eventually(() => expect(told).toHaveBeenCalledWith(true), 2_000);
  });

  it('come back when the process stops, and nothing more is taken', async () => {
    room.bulk = new Promise(() => {});
    const given = claims(20_000);
    backlog.start();
    backlog.add('bulk', given);
    const waiting = backlog.hasRoom('bulk');
    expect(backlog.close()).toHaveLength(20_000);
    expect(await waiting).toBe(false);
    expect(backlog.add('bulk', claims(1))).toBe(false);
    expect(await backlog.hasRoom('transactional')).toBe(false);
  });
});
