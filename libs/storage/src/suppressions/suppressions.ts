import type { DeliveryId, Mode, SuppressionId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { type Page, type PageOf, turned } from '../page.js';
import { sqlFile } from '../sql-file.js';

export const SUPPRESSION_SCOPES = ['all', 'bulk'] as const;
/** `bulk`: transactional mail passes. */
export type SuppressionScope = (typeof SUPPRESSION_SCOPES)[number];

export const SUPPRESSION_SOURCES = ['hard_bounce', 'complaint', 'unsubscribe', 'manual', 'import'] as const;
export type SuppressionSource = (typeof SUPPRESSION_SOURCES)[number];

/** An address that gets nothing more of a tenant in one mode. */
export interface SuppressionRow {
  readonly id: SuppressionId;
  readonly address: string;
  readonly recipient_key: string;
  readonly scope: SuppressionScope;
  readonly source: SuppressionSource;
  readonly reason: string | null;
  readonly delivery_id: DeliveryId | null;
  readonly created_at: Date;
}

export interface NewSuppression {
  readonly id: SuppressionId;
  readonly recipientKey: string;
  readonly address: string;
  readonly scope: SuppressionScope;
  readonly source: SuppressionSource;
  readonly reason: string | null;
}

interface Owner {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const addStatement = sqlFile('./add-suppression.sql', import.meta.url);
const liftStatement = sqlFile('./lift-suppression.sql', import.meta.url);
const findStatement = sqlFile('./find-suppressions.sql', import.meta.url);
const getStatement = sqlFile('./get-suppression.sql', import.meta.url);
const olderStatement = sqlFile('./list-older.sql', import.meta.url);
const newerStatement = sqlFile('./list-newer.sql', import.meta.url);

/** Suppresses an address; false: it is already, in this scope. */
export async function addSuppression(db: Queryable, { tenantId, mode }: Owner, one: NewSuppression): Promise<boolean> {
  const values = [tenantId, one.id, mode, one.recipientKey, one.address, one.scope, one.source, one.reason];
  const { rows } = await db.query({ ...addStatement, values });
  return rows.length > 0;
}

/** Lifts one suppression, or all of an address; how many. */
export async function liftSuppression(
  db: Queryable,
  { tenantId, mode }: Owner,
  which: { readonly id: SuppressionId } | { readonly recipientKey: string },
): Promise<number> {
  const values = [tenantId, mode, 'id' in which ? which.id : null, 'id' in which ? null : which.recipientKey];
  const { rows } = await db.query({ ...liftStatement, values });
  return rows.length;
}

/** The suppressions in force of these addresses, oldest first. */
export async function findSuppressions(
  db: Queryable,
  { tenantId, mode }: Owner,
  recipientKeys: readonly string[],
): Promise<SuppressionRow[]> {
  const { rows } = await db.query<SuppressionRow & Record<string, unknown>>({
    ...findStatement,
    values: [tenantId, mode, recipientKeys],
  });
  return rows;
}

export async function getSuppression(
  db: Queryable,
  { tenantId, mode }: Owner,
  id: SuppressionId,
): Promise<SuppressionRow | undefined> {
  const { rows } = await db.query<SuppressionRow & Record<string, unknown>>({
    ...getStatement,
    values: [tenantId, mode, id],
  });
  return rows[0];
}

/** A page of the suppressions in force, newest first. */
export async function listSuppressions(
  db: Queryable,
  { tenantId, mode }: Owner,
  page: Page<SuppressionId>,
): Promise<PageOf<SuppressionRow>> {
  const backwards = page.before !== undefined;
  const { rows: found } = await db.query<SuppressionRow & Record<string, unknown>>({
    ...(backwards ? newerStatement : olderStatement),
    values: [tenantId, mode, page.before ?? page.after ?? null, page.limit + 1], // one more tells whether there is more
  });
  return turned(found, page);
}
