import type { EmailId, LimitScope, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A campaign whose remaining plan is asked for. */
export interface PlannedCampaign {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly id: EmailId;
}

/** Whom a campaign has still to send to. */
export interface Remaining {
  /** Of those who have a copy: when how many are due, in order. */
  readonly made: readonly { readonly dueMs: number; readonly count: number }[];
  /** Of those who have none yet: in which zones how many are; '': nobody knows. */
  readonly unmade: readonly { readonly zone: string; readonly count: number }[];
  /** Of those who have none yet: whose time has passed, and who get nothing therefore. */
  readonly skipped: number;
  /** Of both, but those who are skipped: who gets nothing. */
  readonly suppressed: number;
  /** The instant that the last one sent was meant for. */
  readonly pacedMs: number | null;
}

const statements = {
  made: sqlFile('./due-copies.sql', import.meta.url),
  unmade: sqlFile('./unmade-zones.sql', import.meta.url),
  suppressed: sqlFile('./count-suppressed.sql', import.meta.url),
  pace: sqlFile('./read-pace.sql', import.meta.url),
  firstMade: sqlFile('./first-copies.sql', import.meta.url),
  firstUnmade: sqlFile('./first-unmade.sql', import.meta.url),
  leftOut: sqlFile('./left-out.sql', import.meta.url),
};

/** @param isSkipped whether the time of a zone has passed, and nobody of it is sent to */
export async function readRemaining(
  db: Queryable,
  { tenantId, mode, id }: PlannedCampaign,
  isSkipped: (zone: string) => boolean,
): Promise<Remaining> {
  const values = [tenantId, id];
  const made = await db.query<{ due_ms: number; count: number }>({ ...statements.made, values });
  const unmade = await db.query<{ zone: string; count: number }>({ ...statements.unmade, values });
  const skipped = unmade.rows.filter(({ zone }) => isSkipped(zone));
  const suppressed = await db.query<{ count: number }>({
    ...statements.suppressed,
    values: [tenantId, id, mode, skipped.map(({ zone }) => zone)],
  });
  const pace = await db.query<{ paced_ms: number | null }>({ ...statements.pace, values });
  return {
    made: made.rows.map(({ due_ms: dueMs, count }) => ({ dueMs, count })),
    unmade: unmade.rows.filter((row) => !skipped.includes(row)),
    skipped: skipped.reduce((sum, { count }) => sum + count, 0),
    suppressed: suppressed.rows[0]?.count ?? 0,
    pacedMs: pace.rows[0]?.paced_ms ?? null,
  };
}

/** Who of those who have a copy is next, in order. */
export async function firstMade(
  db: Queryable,
  { tenantId, mode, id }: PlannedCampaign,
  most: number,
): Promise<readonly { readonly address: string; readonly dueMs: number }[]> {
  const { rows } = await db.query<{ address: string; due_ms: number }>({
    ...statements.firstMade,
    values: [tenantId, id, mode, most],
  });
  return rows.map(({ address, due_ms: dueMs }) => ({ address, dueMs }));
}

/** Who of those who have none is next. @param zones those that are sent to, in the order in which their time comes */
export async function firstUnmade(
  db: Queryable,
  { tenantId, mode, id }: PlannedCampaign,
  most: number,
  zones: readonly string[],
): Promise<readonly { readonly address: string; readonly zone: string }[]> {
  const values = [tenantId, id, mode, most, zones];
  return (await db.query<{ address: string; zone: string }>({ ...statements.firstUnmade, values })).rows;
}

/** The limits of domains and contacts: the plan of a line cannot follow them, for each holds only some of its copies. */
export async function limitsLeftOut(db: Queryable, tenantId: TenantId, most: number): Promise<readonly LimitScope[]> {
  const { rows } = await db.query<{ scope: LimitScope }>({ ...statements.leftOut, values: [tenantId, most] });
  return rows.map(({ scope }) => scope);
}
