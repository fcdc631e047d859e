import type { CopyCounts, EmailId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

/** What a tenant has in line, each number counted up to a limit. */
interface LineCounts {
  readonly scheduled: number;
  /** Of them: their time has come. */
  readonly due: number;
  /** Of the first of them, as many as the limit says: they were tried before. */
  readonly retrying: number;
  readonly oldest_due_age_seconds: number | null;
  readonly next_due_at: Date | null;
  /** In each of the next 24 hours from now on. */
  readonly per_hour: readonly number[];
}

export interface QueueCounts extends LineCounts {
  readonly queued: number;
  readonly sending: number;
}

const statements = {
  limitTime: sqlFile('./limit-time.sql', import.meta.url),
  due: sqlFile('./count-due.sql', import.meta.url),
  inHand: sqlFile('./count-in-hand.sql', import.meta.url),
  copies: sqlFile('./count-copies.sql', import.meta.url),
};

/** Postgres ended a statement because it took too long (SQLSTATE 57014). */
export const tookTooLong = (error: unknown): boolean => (error as { readonly code?: unknown }).code === '57014';

/**
 * What a tenant has in line and in hand, in an open transaction whose statements take at most `timeoutMs` each.
 * @param atMost how far a number of what is in line is counted
 */
export async function countQueue(
  tx: Queryable,
  { tenantId, mode }: Caller,
  { atMost, timeoutMs }: { readonly atMost: number; readonly timeoutMs: number },
): Promise<QueueCounts> {
  await tx.query({ ...statements.limitTime, values: [String(timeoutMs)] });
  const line = await tx.query<LineCounts & Record<string, unknown>>({
    ...statements.due,
    values: [tenantId, mode, atMost],
  });
  const inHand = await tx.query<Pick<QueueCounts, 'queued' | 'sending'>>({
    ...statements.inHand,
    values: [tenantId, mode],
  });
  const [[counts], [hand]] = [line.rows, inHand.rows];
  if (!counts || !hand) throw new Error('count-due.sql and count-in-hand.sql answer one row, always');
  return { ...counts, ...hand };
}

/** The copies of an email by state, and when they were counted; undefined: no such email for this tenant and mode. */
export async function countCopies(
  db: Queryable,
  { tenantId, mode }: Caller,
  emailId: EmailId,
): Promise<(CopyCounts & { readonly now: Date }) | undefined> {
  const { rows } = await db.query<CopyCounts & { readonly now: Date } & Record<string, unknown>>({
    ...statements.copies,
    values: [tenantId, mode, emailId],
  });
  return rows[0];
}
