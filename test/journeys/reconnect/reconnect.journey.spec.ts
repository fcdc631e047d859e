import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EventId, publicId } from '#domain';
import { eventually, type Mailtide, startMailtide } from '#testing';
import { deliveriesEnd, queryRows } from '../delivery-states.js';
import { scheduleMany } from '../schedule-many.js';
import { SocketListener, StreamListener } from './listeners.js';

const COUNT = 500;

describe('kill -9 of the gateway while 500 emails are sent', () => {
  let mailtide: Mailtide;

  beforeAll(async () => {
    mailtide = await startMailtide();
  }, 90_000);
  afterAll(() => mailtide.stop(), 60_000);

  it('costs those who listen nothing: they come back, and know all that is in the database', async () => {
    const socket = new SocketListener(mailtide.gatewayUrl, 'tenant');
    const stream = new StreamListener(`${mailtide.gatewayUrl}/v1/stream?topic=tenant`);
    await eventually(() => expect([socket.isBegun, stream.isBegun]).toEqual([true, true]), 10_000);

    await scheduleMany(mailtide, { count: COUNT, dueAt: Date.now() + 3_000, ownerId: 'reconnect' });
    await eventually(() => {
      for (const { known } of [socket, stream]) expect(sentIn(known)).toBeGreaterThan(COUNT / 10);
    }, 60_000);
    await mailtide.app('gateway').end('SIGKILL');
    await mailtide.app('gateway').start();
    await deliveriesEnd(mailtide, COUNT, 120_000, 'reconnect');

    const truth = await eventsInDatabase(mailtide);
    expect(sentIn(truth)).toBe(COUNT);
    await eventually(() => expect([socket.known, stream.known]).toEqual([truth, truth]), 30_000);
    for (const { connections } of [socket, stream]) expect(connections).toBeGreaterThan(1);
    socket.close();
    stream.close();
  }, 240_000);
});

const sentIn = (events: ReadonlyMap<string, string>): number =>
  [...events.values()].filter((type) => type === 'delivery.sent').length;

/** All that the topic `tenant` tells: types by the ids of events. */
async function eventsInDatabase(mailtide: Mailtide): Promise<Map<string, string>> {
  const rows = await queryRows<{ event_id: EventId; type: string }>(
    mailtide,
    "select event_id, type from outbox where type <> 'dead_letter.added'",
  );
  return new Map(rows.map(({ event_id, type }) => [publicId('event', event_id), type]));
}
