import { type EmailId, publicId } from '#domain';
import { type Caller, type ListView, Problem, readCursor, writeCursor } from '#http';
import {
  emailsOfJob,
  type EventFilter,
  type EventPlace,
  type EventRow,
  type EventsRead,
  getDelivery,
  listEvents,
  type Queryable,
} from '#storage';
import type { EventQuery } from './event.schema.js';

/** One thing that was told (interface 3.15). */
export const eventView = (row: EventRow) => ({
  object: 'event' as const,
  id: publicId('event', row.id),
  type: row.type,
  time: row.time,
  emailId: row.email_id && publicId('email', row.email_id),
  deliveryId: row.delivery_id && publicId('delivery', row.delivery_id),
  jobId: row.job_id && publicId('job', row.job_id),
  attempt: row.attempt,
  actor: row.actor,
  data: row.data,
});

export type EventView = ReturnType<typeof eventView>;

export type EventListView = ListView<EventView> & { readonly cursor: string | null };

/** What was told, oldest first. A reader that comes back with `cursor` misses nothing and gets nothing twice. */
export async function pageOfEvents(db: Queryable, caller: Caller, query: EventQuery): Promise<EventListView> {
  const { limit, since, after = since, ...wish } = query;
  const from = after === undefined ? null : place(after, wish);
  const filter = await filterOf(db, caller, wish);
  const { rows, walkedTo } = filter ? await listEvents(db, caller, filter, { limit, after: from }) : NOTHING;
  const shown = rows.slice(0, limit);
  const isFull = rows.length > limit;
  const hasMore = isFull || walkedTo !== null;
  const last = isFull ? shown.at(-1) : (walkedTo ?? shown.at(-1));
  const cursor = last ? writeCursor([last.xid, last.place], wish) : (after ?? null);
  return {
    object: 'list',
    data: shown.map(eventView),
    hasMore,
    nextCursor: hasMore ? cursor : null,
    prevCursor: null,
    cursor,
  };
}

const NOTHING: EventsRead = { rows: [], walkedTo: null };

type Wish = Omit<EventQuery, 'limit' | 'since' | 'after'>;

/** undefined: nothing can match. */
async function filterOf(
  db: Queryable,
  caller: Caller,
  { emailId, deliveryId, jobId, type: types }: Wish,
): Promise<EventFilter | undefined> {
  const { tenantId, mode } = caller;
  const ofJob = jobId && new Set(await emailsOfJob(db, { tenantId, id: jobId }));
  const delivery = deliveryId && (await getDelivery(db, tenantId, mode, deliveryId));
  if (deliveryId && !delivery) return undefined;
  const named = [emailId, delivery?.email_id].filter((id) => id !== undefined);
  const [email] = named;
  if (email === undefined) return { emails: ofJob && [...ofJob], jobId, types };
  const isOne = named.every((id) => id === email) && (!ofJob || ofJob.has(email));
  return isOne ? { emails: [email] satisfies EmailId[], deliveryId, types } : undefined;
}

const WHOLE = /^\d{1,19}$/;

function place(cursor: string, wish: Wish): EventPlace {
  const [xid, at] = readCursor(cursor, wish);
  if (xid === undefined || at === undefined || !WHOLE.test(xid) || !WHOLE.test(at)) {
    throw new Problem('bad_cursor', 'The cursor is not readable. Use cursor or nextCursor as they came.');
  }
  return { xid, place: at };
}
