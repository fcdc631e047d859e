import { type EmailId, parsePublicId, publicId } from '#domain';
import {
  type Caller,
  deliveryView,
  type DeliveryView,
  listOf,
  type ListView,
  readCursor,
  readPage,
  refuseTwoPages,
  unreadableCursor,
  writeCursor,
} from '#http';
import {
  type DeliveryFilter,
  type DeliveryRow,
  type DuePlace,
  emailsOfJob,
  listDeliveries,
  listDueDeliveries,
  type Queryable,
} from '#storage';
import type { DeliveryQuery } from './delivery.schema.js';

/** A page of a tenant's deliveries; cursors stay good while deliveries arrive. */
export async function pageOfDeliveries(
  db: Queryable,
  caller: Caller,
  query: DeliveryQuery,
): Promise<ListView<DeliveryView>> {
  const { limit, after, before, ...wish } = query;
  refuseTwoPages({ limit, after, before });
  const filter = await filterOf(db, caller, wish);
  if (wish.sort === 'dueAt') return duePage(db, caller, filter, wish, { limit, after });
  const page = readPage({ limit, after, before }, wish, (text) => parsePublicId('delivery', text));
  const found = await listDeliveries(db, caller, filter, page);
  const cursorAt = (row: DeliveryRow) => writeCursor([publicId('delivery', row.id)], wish);
  return listOf(found, found.rows.map(deliveryView), cursorAt);
}

type Wish = Omit<DeliveryQuery, 'limit' | 'after' | 'before'>;

async function duePage(
  db: Queryable,
  caller: Caller,
  filter: DeliveryFilter,
  wish: Wish,
  { limit, after }: Pick<DeliveryQuery, 'limit' | 'after'>,
): Promise<ListView<DeliveryView>> {
  const from = after === undefined ? null : duePlace(after, wish);
  const { rows, next } = await listDueDeliveries(db, caller, filter, { limit, after: from });
  return {
    object: 'list',
    data: rows.map(deliveryView),
    hasMore: next !== null,
    nextCursor: next && writeCursor([next.dueAt, publicId('delivery', next.id)], wish),
    prevCursor: null,
  };
}

async function filterOf(db: Queryable, { tenantId }: Caller, wish: Wish): Promise<DeliveryFilter> {
  const ofJob = wish.jobId && (await emailsOfJob(db, { tenantId, id: wish.jobId }));
  return {
    emails: narrowed(ofJob, wish.emailId),
    recipientKey: wish.to?.key,
    statuses: wish.status,
    providerId: wish.providerId,
    possibleDuplicate: wish.possibleDuplicate,
    dueFrom: wish.dueFrom === undefined ? undefined : new Date(wish.dueFrom),
    dueBefore: wish.dueTo === undefined ? undefined : new Date(wish.dueTo),
  };
}

function narrowed(ofJob: readonly EmailId[] | undefined, emailId: EmailId | undefined): readonly EmailId[] | undefined {
  if (emailId === undefined) return ofJob;
  return !ofJob || ofJob.includes(emailId) ? [emailId] : [];
}

function duePlace(cursor: string, wish: Wish): DuePlace {
  const [dueAt, copy] = readCursor(cursor, wish);
  const id = parsePublicId('delivery', copy ?? '');
  if (dueAt === undefined || !id) throw unreadableCursor();
  return { dueAt, id };
}
