import { type DeliveryId, type DeliveryStatus, type EmailId, type Mode, type ProviderId, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { type Page, type PageOf, turned } from '../page.js';
import { plannedAnew, sqlFile } from '../sql-file.js';
import { type DeliveryRow, readDeliveries } from './read-deliveries.js';

/** What a list of deliveries is narrowed to; undefined narrows nothing. */
export interface DeliveryFilter {
  /** Copies of these emails. */
  readonly emails?: readonly EmailId[] | undefined;
  readonly recipientKey?: string | undefined;
  readonly statuses?: readonly DeliveryStatus[] | undefined;
  readonly providerId?: ProviderId | undefined;
  readonly possibleDuplicate?: boolean | undefined;
  /** When their user wanted them. */
  readonly dueFrom?: Date | undefined;
  readonly dueBefore?: Date | undefined;
}

/** Where a list in the order of coming due goes on: behind this delivery. `dueAt`: RFC 3339 to the microsecond, always as long. */
export interface DuePlace {
  readonly dueAt: string;
  readonly id: DeliveryId;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const statements = {
  older: plannedAnew(sqlFile('./list-older.sql', import.meta.url)),
  newer: plannedAnew(sqlFile('./list-newer.sql', import.meta.url)),
  due: plannedAnew(sqlFile('./list-due.sql', import.meta.url)),
};

/** A page of a tenant's deliveries, newest first. */
export async function listDeliveries(
  db: Queryable,
  caller: Caller,
  filter: DeliveryFilter,
  page: Page<DeliveryId>,
): Promise<PageOf<DeliveryRow>> {
  const { tenantId, mode } = caller;
  const backwards = page.before !== undefined;
  const beyond = page.before ?? page.after ?? null;
  const values = [tenantId, mode, ...valuesOf(filter), beyond, page.limit + 1, filter.statuses ?? null]; // one more tells whether there is more
  const found = await db.query<{ id: DeliveryId }>({ ...(backwards ? statements.newer : statements.older), values });
  const ids = found.rows.map(({ id }) => id);
  const { rows: shown, ...more } = turned(ids, page);
  return { ...more, rows: await readDeliveries(db, tenantId, mode, shown) };
}

/** Deliveries that wait, in the order in which they are tried next; `next`: behind which to go on, null: that was all. */
export async function listDueDeliveries(
  db: Queryable,
  { tenantId, mode }: Caller,
  filter: Omit<DeliveryFilter, 'statuses'>,
  page: { readonly limit: number; readonly after: DuePlace | null },
): Promise<{ readonly rows: readonly DeliveryRow[]; readonly next: DuePlace | null }> {
  const { dueAt, id } = page.after ?? FROM_THE_FIRST;
  const values = [tenantId, mode, ...valuesOf(filter), dueAt, id, page.limit + 1];
  const found = await db.query<{ id: DeliveryId; due_at: string }>({ ...statements.due, values });
  const shown = found.rows.slice(0, page.limit).map((row) => ({ id: row.id, dueAt: row.due_at }));
  const rows = await readDeliveries(
    db,
    tenantId,
    mode,
    shown.map((place) => place.id),
  );
  return { rows, next: found.rows.length > page.limit ? (shown.at(-1) ?? null) : null };
}

const FROM_THE_FIRST: DuePlace = { dueAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' as DeliveryId };

const valuesOf = (filter: DeliveryFilter) => [
  filter.emails ?? null,
  filter.recipientKey ?? null,
  filter.providerId ?? null,
  filter.possibleDuplicate ?? null,
  filter.dueFrom ?? null,
  filter.dueBefore ?? null,
];
