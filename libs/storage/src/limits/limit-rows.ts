import { ALL_TENANTS, type LimitId, type LimitRule, type LimitScope, type Mode, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { type Page, type PageOf, turned } from '../page.js';
import { sqlFile } from '../sql-file.js';
import { chargeQueued, countPastUse, countSettledUse } from './past-use.js';

/** A limit as it is stored. */
export interface LimitRow {
  readonly id: LimitId;
  /** Whose it is; `ALL_TENANTS` of the scope `global`. */
  readonly tenant_id: TenantId;
  readonly scope: LimitScope;
  readonly rules: readonly LimitRule[];
  readonly version: number;
  /** The clock of the database when it was read. */
  readonly now: Date;
}

const statements = {
  get: sqlFile('./get-limit.sql', import.meta.url),
  lock: sqlFile('./lock-limit.sql', import.meta.url),
  create: sqlFile('./create-limit.sql', import.meta.url),
  change: sqlFile('./change-limit.sql', import.meta.url),
  remove: sqlFile('./remove-limit.sql', import.meta.url),
  read: sqlFile('./read-limits.sql', import.meta.url),
  older: sqlFile('./list-older-limits.sql', import.meta.url),
  newer: sqlFile('./list-newer-limits.sql', import.meta.url),
  shutOut: sqlFile('./shut-claims-out.sql', import.meta.url),
  wake: sqlFile('./wake-lines.sql', import.meta.url),
};

type Stored = LimitRow & Record<string, unknown>;

export async function getLimit(db: Queryable, tenantId: TenantId, scope: LimitScope): Promise<LimitRow | undefined> {
  return (await db.query<Stored>({ ...statements.get, values: [tenantId, scope] })).rows[0];
}

/** The limit, which nobody changes and nobody draws from until the transaction ends. */
export async function lockLimit(tx: Queryable, tenantId: TenantId, scope: LimitScope): Promise<LimitRow | undefined> {
  return (await tx.query<Stored>({ ...statements.lock, values: [tenantId, scope] })).rows[0];
}

/**
 * A limit of a scope that had none; it counts what it would have counted. undefined: the scope has a limit already. What may
 * take long comes before it shuts the claims out.
 */
export async function createLimit(
  tx: Queryable,
  tenantId: TenantId,
  scope: LimitScope,
  rules: readonly LimitRule[],
): Promise<LimitRow | undefined> {
  const row = await createUnusedLimit(tx, tenantId, scope, rules);
  if (!row) return undefined;
  await countSettledUse(tx, row);
  await wakeLines(tx, tenantId === ALL_TENANTS ? null : tenantId);
  await chargeQueued(tx, row);
  await countPastUse(tx, row, []);
  return row;
}

/** The same of a campaign whose line the caller holds: nobody else grants what the limit binds. */
export async function createHeldLimit(
  tx: Queryable,
  tenantId: TenantId,
  scope: LimitScope,
  rules: readonly LimitRule[],
): Promise<LimitRow | undefined> {
  const row = await createUnusedLimit(tx, tenantId, scope, rules);
  if (!row) return undefined;
  await countSettledUse(tx, row);
  await chargeQueued(tx, row);
  await countPastUse(tx, row, []);
  return row;
}

/** The same of a scope of which nothing was ever sent. */
export async function createUnusedLimit(
  tx: Queryable,
  tenantId: TenantId,
  scope: LimitScope,
  rules: readonly LimitRule[],
): Promise<LimitRow | undefined> {
  const values = [tenantId, newId<LimitId>(), scope, JSON.stringify(rules)];
  return (await tx.query<Stored>({ ...statements.create, values })).rows[0];
}

/** Other rules for a locked limit; what was used counts, also where they look back further. */
export async function changeLimit(
  tx: Queryable,
  limit: Pick<LimitRow, 'id' | 'tenant_id' | 'rules'>,
  rules: readonly LimitRule[],
): Promise<LimitRow> {
  const values = [limit.tenant_id, limit.id, JSON.stringify(rules)];
  const [row] = (await tx.query<Stored>({ ...statements.change, values })).rows;
  if (!row) throw new Error('a limit vanished under its lock');
  await countPastUse(tx, row, limit.rules);
  return row;
}

export async function removeLimit(tx: Queryable, limit: Pick<LimitRow, 'id' | 'tenant_id'>): Promise<void> {
  await tx.query({ ...statements.remove, values: [limit.tenant_id, limit.id] });
}

/** The limits of scopes. Needs a database of both: of the tenant and of `ALL_TENANTS`. */
export async function readLimits(
  db: Queryable,
  tenantId: TenantId,
  scopes: readonly LimitScope[],
): Promise<LimitRow[]> {
  return (await db.query<Stored>({ ...statements.read, values: [[tenantId, ALL_TENANTS], scopes] })).rows;
}

/** A page of the limits that bind a tenant, newest first. Needs a database of both: of the tenant and of `ALL_TENANTS`. */
export async function listLimits(
  db: Queryable,
  { tenantId, mode }: { readonly tenantId: TenantId; readonly mode: Mode },
  page: Page<LimitId>,
): Promise<PageOf<LimitRow>> {
  const backwards = page.before !== undefined;
  const { rows: found } = await db.query<Stored>({
    ...(backwards ? statements.newer : statements.older),
    values: [tenantId, ALL_TENANTS, page.before ?? page.after ?? null, page.limit + 1, mode], // one more tells whether there is more
  });
  return turned(found, page);
}

/**
 * Waits for the claims under way, shuts out others, and lets lines that wait be looked at when the transaction ends: so
 * a change is live at once, and whoever was granted by what was before can be seen. To be done before any limit is
 * locked: claims lock limits.
 * @param tenantId null: of all tenants
 */
export async function wakeLines(tx: Queryable, tenantId: TenantId | null): Promise<void> {
  await tx.query({ ...statements.shutOut, values: [tenantId] });
  await tx.query({ ...statements.wake, values: [tenantId] });
}
