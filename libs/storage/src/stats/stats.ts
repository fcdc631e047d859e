import { type CopyCounts, type EmailId, type Lane, LANES, type Mode, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

/** What a tenant has in line in one lane. */
export interface LineCounts {
  readonly lane: Lane;
  readonly scheduled: number;
  /** Of them: their time has come. */
  readonly due: number;
  /** Of them: they were tried before. */
  readonly retrying: number;
  readonly oldest_due_age_seconds: number | null;
  readonly next_due_at: Date | null;
  /** The last one that was counted; null: there is none. */
  readonly last_due_at: Date | null;
  /** By hours from now on, 0 to 23; an hour without any is missing. */
  readonly per_hour: Readonly<Record<string, number>>;
}

export interface QueueCounts {
  readonly lines: readonly LineCounts[];
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
 * @param atMost deliveries counted in each lane, the first to come due
 */
export async function countQueue(
  tx: Queryable,
  { tenantId, mode }: Caller,
  { atMost, timeoutMs }: { readonly atMost: number; readonly timeoutMs: number },
): Promise<QueueCounts> {
  await tx.query({ ...statements.limitTime, values: [String(timeoutMs)] });
  const lines: LineCounts[] = [];
  for (const lane of LANES) {
    const { rows } = await tx.query<Omit<LineCounts, 'lane'> & Record<string, unknown>>({
      ...statements.due,
      values: [tenantId, mode, lane, atMost],
    });
    lines.push(...rows.map((row) => ({ ...row, lane })));
  }
  const { rows } = await tx.query<{ queued: number; sending: number }>({
    ...statements.inHand,
    values: [tenantId, mode],
  });
  return { lines, queued: rows[0]?.queued ?? 0, sending: rows[0]?.sending ?? 0 };
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
