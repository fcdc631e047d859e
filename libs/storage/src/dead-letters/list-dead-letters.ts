import type { DeadLetterId, EmailId, JobId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { type Page, type PageOf, turned } from '../page.js';
import { plannedAnew, sqlFile } from '../sql-file.js';
import {
  type DeadLetterKind,
  type DeadLetterRow,
  type DeadLetterStatus,
  readDeadLetters,
} from './read-dead-letters.js';

/** What dead letters are narrowed to; undefined narrows nothing. */
export interface DeadLetterFilter {
  readonly kinds?: readonly DeadLetterKind[] | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly statuses?: readonly DeadLetterStatus[] | undefined;
  readonly jobId?: JobId | undefined;
  readonly emailId?: EmailId | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const statements = {
  older: plannedAnew(sqlFile('./list-older.sql', import.meta.url)),
  newer: plannedAnew(sqlFile('./list-newer.sql', import.meta.url)),
  matches: plannedAnew(sqlFile('./redrive-matches.sql', import.meta.url)),
};

/** A page of a tenant's dead letters, newest first, without their payloads. */
export async function listDeadLetters(
  db: Queryable,
  caller: Caller,
  filter: DeadLetterFilter,
  page: Page<DeadLetterId>,
): Promise<PageOf<DeadLetterRow>> {
  const backwards = page.before !== undefined;
  const values = [...valuesOf(caller, filter), page.before ?? page.after ?? null, page.limit + 1];
  const found = await db.query<{ id: DeadLetterId }>({ ...(backwards ? statements.newer : statements.older), values });
  const ids = found.rows.map(({ id }) => id);
  const { rows: shown, ...more } = turned(ids, page);
  return { ...more, rows: await readDeadLetters(db, caller, shown, { payloads: false }) };
}

/** How many dead letters a filter finds, by reason, the most frequent first. */
export async function countDeadLetters(
  db: Queryable,
  caller: Caller,
  filter: DeadLetterFilter,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ reason: string; count: number }>({
    ...statements.matches,
    values: valuesOf(caller, filter),
  });
  return new Map(rows.map(({ reason, count }) => [reason, count]));
}

const valuesOf = ({ tenantId, mode }: Caller, filter: DeadLetterFilter): unknown[] => [
  tenantId,
  mode,
  filter.kinds ?? null,
  filter.reasons ?? null,
  filter.statuses ?? null,
  filter.jobId ?? null,
  filter.emailId ?? null,
  filter.createdFrom ?? null,
  filter.createdBefore ?? null,
];
