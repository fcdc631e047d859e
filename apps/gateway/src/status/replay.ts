import { publicId } from '#domain';
import { type Database, type MissedEvent, type PastEvent, readPastEvents } from '#storage';
import { liveCursor } from './live-cursor.js';
import type { Listener } from './listener.js';
import type { LiveEvent } from './live-event.js';

/** So many are read and sent in one go: a replay takes turns with everybody else. */
const PAGE = 200;

/** Something that a client missed, and the topic that it is told under. */
export interface Missed extends MissedEvent {
  readonly topic: string;
}

/**
 * Sends what a client missed, in order and no faster than it reads; false: it is gone.
 * @param until the position that the client is at after the last one, a transaction id as text
 * @param sent told of each event that went out
 */
export async function replay(
  db: Database,
  listener: Listener,
  missed: readonly Missed[],
  until: string,
  sent: (event: LiveEvent) => void,
): Promise<boolean> {
  const inOrder = missed.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const cursors = cursorsOf(inOrder, BigInt(until));
  const { tenantId } = listener.bearer.caller;
  for (let from = 0; from < inOrder.length; from += PAGE) {
    const page = inOrder.slice(from, from + PAGE);
    const ids = [...new Set(page.map(({ id }) => id))];
    const events = await readPastEvents(db.of(tenantId), tenantId, ids);
    if (!(await listener.ready())) return false;
    page.forEach(({ id, topic }, index) => {
      const past = events.get(id);
      if (!past || !listener.topics.has(topic)) return;
      const event = pastEvent(past, topic, liveCursor((cursors[from + index] ?? until).toString()));
      listener.wire.send(event);
      sent(event);
    });
  }
  return true;
}

/** A client that is cut off goes on behind what it has got: where the oldest transaction begins of those still to come. */
function cursorsOf(inOrder: readonly Missed[], until: bigint): bigint[] {
  let position = until;
  return inOrder
    .toReversed()
    .map(({ xid }) => {
      const cursor = position;
      if (xid < position) position = xid;
      return cursor;
    })
    .toReversed();
}

const pastEvent = ({ event_id, type, time, data }: PastEvent, topic: string, cursor: string): LiveEvent => ({
  id: publicId('event', event_id),
  type,
  topic,
  cursor,
  time,
  data: JSON.parse(data) as unknown,
  replay: true,
});
