import { type DeliveryId, type EmailId, parsePublicId, publicId } from '#domain';
import { type Caller, deliveryView, type DeliveryView, type ListView, Problem, readCursor, writeCursor } from '#http';
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
  if (after !== undefined && before !== undefined) {
    const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
    throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
  }
  const filter = await filterOf(db, caller, wish);
  if (wish.sort === 'dueAt') return duePage(db, caller, filter, wish, { limit, after });
  const page = { limit, after: position(after, wish), before: position(before, wish) };
  const { rows, hasOlder, hasNewer } = await listDeliveries(db, caller, filter, page);
  const cursorAt = (row: DeliveryRow | undefined) => row && writeCursor([publicId('delivery', row.id)], wish);
  return {
    object: 'list',
    data: rows.map(deliveryView),
    hasMore: hasOlder && rows.length > 0,
    nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
    prevCursor: (hasNewer && cursorAt(rows[0])) || null,
  };
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

function position(cursor: string | undefined, wish: Wish): DeliveryId | undefined {
  if (cursor === undefined) return undefined;
  return parsePublicId('delivery', readCursor(cursor, wish)[0] ?? '') ?? unreadable();
}

function duePlace(cursor: string, wish: Wish): DuePlace {
  const [dueAt, copy] = readCursor(cursor, wish);
  const id = parsePublicId('delivery', copy ?? '');
  return dueAt !== undefined && id ? { dueAt, id } : unreadable();
}

function unreadable(): never {
  throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
}
