import { describe, expect, it } from '@jest/globals';
import type { TenantId } from '#domain';
import type { LiveEvent } from './live-event.js';
import { roomName, Rooms } from './rooms.js';

const event = (id: string): LiveEvent => ({
  id,
  type: 't',
  topic: 'tenant',
  cursor: 'c_1',
  time: '',
  data: {},
  replay: false,
});

function roomsWith(...live: string[]) {
  const emitted: string[] = [];
  const rooms = new Rooms({
    hasOwners: false,
    has: (room) => live.includes(room),
    emit: (room, { id }) => void emitted.push(`${room}: ${id}`),
  });
  return { rooms, emitted };
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

  it('is nobody’s before somebody is about to enter', () => {
    const { rooms } = roomsWith();
    expect(rooms.has('r')).toBe(false);
    const opening = rooms.open('r');
    expect(rooms.has('r')).toBe(true);
    rooms.close('r', opening);
    expect(rooms.has('r')).toBe(false);
  });

  it('keeps for those who are about to enter what it tells the others', () => {
    const { rooms, emitted } = roomsWith('r');
    const opening = rooms.open('r');
    rooms.emit('r', event('evt_1'));
    rooms.emit('other', event('evt_2'));
    rooms.close('r', opening);
    rooms.emit('r', event('evt_3'));
    expect(opening.events?.map(({ id }) => id)).toEqual(['evt_1']);
    expect(emitted).toEqual(['r: evt_1', 'r: evt_3']);
  });

  it('says so when too much came', () => {
    const { rooms } = roomsWith();
    const opening = rooms.open('r');
    for (let i = 0; i <= 10_000; i += 1) rooms.emit('r', event(`evt_${i}`));
    expect(opening.events).toBeUndefined();
  });
});
