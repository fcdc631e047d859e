import { describe, expect, it } from '@jest/globals';
import type { TenantId } from '#domain';
import type { LiveEvent } from './live-event.js';
import { event, progress, say, sent } from './pace/events.js';
import { PaperClient } from '../testing/paper-wire.js';
import { VirtualTimers } from '../testing/virtual-timers.js';
import { roomName, Rooms } from './rooms.js';

function build() {
  const timers = new VirtualTimers();
  const clients = new Set<PaperClient>();
  const tell = (listeners: readonly unknown[], told: LiveEvent) => {
    for (const client of clients) if (listeners.includes(client.listener)) client.note(told);
  };
  const rooms = new Rooms(tell, timers, say);
  const client = () => {
    const one = new PaperClient(timers, () => {});
    clients.add(one);
    return one;
  };
  return { rooms, timers, client };
}

describe('a room', () => {
  it('of another tenant or mode is another room', () => {
    const [a, b] = ['a' as TenantId, 'b' as TenantId];
    const names = [
      roomName({ tenantId: a, mode: 'test' }, 'tenant'),
      roomName({ tenantId: a, mode: 'live' }, 'tenant'),
      roomName({ tenantId: b, mode: 'test' }, 'tenant'),
    ];
    expect(new Set(names).size).toBe(3);
  });

  it('is there while somebody is in it, and so is the look for owners', () => {
    const { rooms, client } = build();
    expect(rooms.has('a test owner:1')).toBe(false);
    const subscription = rooms.enter('a test owner:1', client().listener);
    expect([rooms.has('a test owner:1'), rooms.hasOwners]).toEqual([true, true]);
    rooms.leave('a test owner:1', subscription);
    rooms.leave('a test owner:1', subscription);
    expect([rooms.has('a test owner:1'), rooms.hasOwners]).toEqual([false, false]);
  });

  it('keeps for those who are about to enter what it tells the others', () => {
    const { rooms, client } = build();
    const [old, young] = [client(), client()];
    rooms.enter('r', old.listener).open();
    const subscription = rooms.enter('r', young.listener);
    rooms.emit('r', event('email.created', 1));
    rooms.emit('r', sent(2));
    rooms.emit('other', event('email.created', 3));
    expect([old.ids, young.ids]).toEqual([['evt_1', 'evt_2'], []]);
    subscription.forget(event('email.created', 1)); // a replay had it
    subscription.open();
    rooms.emit('r', event('email.created', 4));
    expect([old.ids, young.ids]).toEqual([
      ['evt_1', 'evt_2', 'evt_4'],
      ['evt_2', 'evt_4'],
    ]);
  });

  it('paces what it tells, to all alike', () => {
    const { rooms, timers, client } = build();
    const one = client();
    rooms.enter('r', one.listener).open();
    for (const n of [1, 2, 3]) rooms.emit('r', progress(n));
    expect(one.ids).toEqual(['evt_1']);
    timers.pass(300);
    expect(one.ids).toEqual(['evt_1', 'evt_3']);
  });

  it('says what was left out before somebody joins who has not missed it', () => {
    const { rooms, client } = build();
    const [old, young] = [client(), client()];
    rooms.enter('r', old.listener).open();
    for (let n = 1; n <= 201; n += 1) rooms.emit('r', sent(n));
    old.readAll();
    rooms.enter('r', young.listener).open();
    expect(old.ids.at(-1)).toBe('skipped');
    expect(young.ids).toEqual([]);
  });

  it('does not tell progress that a snapshot was ahead of', () => {
    const { rooms, client } = build();
    const one = client();
    const subscription = rooms.enter('r', one.listener);
    rooms.emit('r', progress(1, 'job_a'));
    subscription.open(({ id }) => id === 'evt_1');
    rooms.emit('r', progress(2, 'job_b'));
    expect(one.ids).toEqual(['evt_2']);
  });
});
