import type { DeliveryId, EmailId, EventId, JobId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** Where a reader of events goes on: behind this one. Whole numbers as text. */
export interface EventPlace {
  readonly xid: string;
  readonly place: string;
}

/** An event as it was told. */
export interface EventRow extends EventPlace {
  readonly id: EventId;
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  /** null: it is about a job, or about a record that nobody could read. */
  readonly email_id: EmailId | null;
  readonly delivery_id: DeliveryId | null;
  readonly job_id: JobId | null;
  readonly actor: string;
  readonly attempt: number | null;
  readonly data: object;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

interface EventPage {
  readonly after: EventPlace | null;
  readonly limit: number;
}

/** What events are narrowed to; undefined narrows nothing. */
export interface EventFilter {
  /** Of these emails; with `jobId`: or about that job itself. */
  readonly emails?: readonly EmailId[] | undefined;
  readonly jobId?: JobId | undefined;
  readonly deliveryId?: DeliveryId | undefined;
  readonly types?: readonly string[] | undefined;
}

// Without a name: the server would soon plan for no filter in particular, and walk past its indexes.
const statement = { ...sqlFile('./list-events.sql', import.meta.url), name: '' };
const FROM_THE_FIRST: EventPlace = { xid: '0', place: '0' };

const ofTypesStatement = { ...sqlFile('./list-events-of-types.sql', import.meta.url), name: '' };

/** Events that are looked through for one of a type. */
const MOST_WALKED = 10_000;

export interface EventsRead {
  /** One more than the limit where there are more. */
  readonly rows: readonly EventRow[];
  /** Up to where a search for types went that was not at its end; null: it was. */
  readonly walkedTo: EventPlace | null;
}

/**
 * Events in the order in which they may be relied on: whoever goes on behind the last one misses none. One that was written a
 * moment ago appears when all transactions that began before it have ended. One more than the limit where there are more.
 */
export async function listEvents(
  db: Queryable,
  caller: Caller,
  filter: EventFilter,
  page: EventPage,
): Promise<EventsRead> {
  const { emails, jobId, deliveryId, types } = filter;
  if (types && !emails && !jobId && !deliveryId) return listOfTypes(db, caller, types, page);
  const { tenantId, mode } = caller;
  const { xid, place } = page.after ?? FROM_THE_FIRST;
  const values = [
    tenantId,
    mode,
    emails ?? null,
    jobId ?? null,
    deliveryId ?? null,
    types ?? null,
    xid,
    place,
    page.limit + 1,
  ];
  const { rows } = await db.query<EventRow & Record<string, unknown>>({ ...statement, values });
  return { rows, walkedTo: null };
}

type OfType = (EventRow | { readonly id: null }) & {
  readonly last_xid: string;
  readonly last_place: string;
  readonly is_cut: boolean;
};

async function listOfTypes(
  db: Queryable,
  { tenantId, mode }: Caller,
  types: readonly string[],
  { after, limit }: EventPage,
): Promise<EventsRead> {
  const { xid, place } = after ?? FROM_THE_FIRST;
  const values = [tenantId, mode, types, xid, place, limit + 1, MOST_WALKED];
  const { rows: found } = await db.query<OfType & Record<string, unknown>>({ ...ofTypesStatement, values });
  const [first] = found;
  const rows = found.flatMap(({ last_xid: _xid, last_place: _place, is_cut: _cut, ...row }) =>
    row.id === null ? [] : [row],
  );
  return { rows, walkedTo: first?.is_cut ? { xid: first.last_xid, place: first.last_place } : null };
}
