import { DEFERRAL_SPREAD_MS, type DeliveryId, GRANT_SLACK_MS, type LimitScope, type TenantId } from '#domain';
import type { Queryable, Transactional } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { LimitRow } from './limit-rows.js';
import { boundDomains } from './past-use.js';

/** A limit that was changed, whose deferred copies are looked for. */
export interface LimitWalk {
  readonly tenantId: TenantId;
  readonly scope: LimitScope;
}

interface Held {
  readonly domains: readonly string[];
  readonly until: string;
  readonly line: string | null;
  readonly due_at: string | null;
  readonly delivery_id: DeliveryId | null;
}

const statements = {
  plan: sqlFile('./plan-walk.sql', import.meta.url),
  find: sqlFile('./find-walks.sql', import.meta.url),
  hold: sqlFile('./hold-walk.sql', import.meta.url),
  line: sqlFile('./next-line.sql', import.meta.url),
  free: sqlFile('./free-deferred.sql', import.meta.url),
  note: sqlFile('./note-walk.sql', import.meta.url),
  end: sqlFile('./end-walk.sql', import.meta.url),
};

/** Has the copies freed that a limit deferred, by the duty `deferred`. @param limit as it was before its change */
export async function planFreeing(tx: Queryable, limit: LimitRow): Promise<void> {
  if (!DEFERS.test(limit.scope)) return;
  const longest = Math.max(0, ...limit.rules.map(({ windowSeconds }) => windowSeconds));
  const seconds = longest + (GRANT_SLACK_MS + DEFERRAL_SPREAD_MS) / 1000;
  await tx.query({ ...statements.plan, values: [limit.tenant_id, limit.scope, boundDomains(limit), seconds] });
}

/** Other limits hold a line as a whole; it is woken at once. */
const DEFERS = /^(contact$|domain:|sender:)/;

export async function findLimitWalks(db: Queryable, atMost: number): Promise<LimitWalk[]> {
  const { rows } = await db.query<{ tenant_id: TenantId; scope: LimitScope }>({ ...statements.find, values: [atMost] });
  return rows.map(({ tenant_id: tenantId, scope }) => ({ tenantId, scope }));
}

/** Frees the next copies that a changed limit deferred. `more`: there is more to do at once. */
export function freeDeferred(db: Transactional, walk: LimitWalk, atMost: number): Promise<'more' | 'rest'> {
  return db.transaction(async (tx) => {
    const of = [walk.tenantId, walk.scope];
    const { rows } = await tx.query<Held & Record<string, unknown>>({ ...statements.hold, values: of });
    const [held] = rows;
    if (!held) return 'rest';
    const line = held.line ?? (await lineBehind(tx, walk, held));
    const last = line === null ? undefined : await freeIn(tx, walk, { ...held, line }, atMost);
    const next = last ? line : await lineBehind(tx, walk, { ...held, line });
    const ends = next === null;
    await tx.query(
      ends
        ? { ...statements.end, values: of }
        : { ...statements.note, values: [...of, next, last?.dueAt ?? null, last?.id ?? null] },
    );
    return ends ? 'rest' : 'more';
  });
}

async function lineBehind(
  tx: Queryable,
  { tenantId }: LimitWalk,
  { line, until }: Pick<Held, 'line' | 'until'>,
): Promise<string | null> {
  const { rows } = await tx.query<{ line: string | null }>({ ...statements.line, values: [tenantId, line, until] });
  return rows[0]?.line ?? null;
}

/** The copy behind which the line goes on; undefined: that was all of it. */
async function freeIn(
  tx: Queryable,
  { tenantId, scope }: LimitWalk,
  { domains, until, line, due_at: dueAt, delivery_id: id }: Held,
  atMost: number,
): Promise<{ readonly dueAt: string; readonly id: DeliveryId } | undefined> {
  const values = [tenantId, line, dueAt, id, until, atMost, scope, domains];
  const { rows } = await tx.query<{ count: number; due_at: string | null; id: DeliveryId | null }>({
    ...statements.free,
    values,
  });
  const [row] = rows;
  return row?.due_at && row.id && row.count === atMost ? { dueAt: row.due_at, id: row.id } : undefined;
}
