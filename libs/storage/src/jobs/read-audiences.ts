import { type CopyCounts, DELIVERY_STATUSES, type JobId, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** One thing that holds a campaign back: a limit with how much of it is used, a window, its own delay, the retry of its copies. */
export interface AudienceWait {
  readonly reason: string;
  readonly until: string | null;
  readonly scope?: string;
  readonly max?: number;
  readonly windowSeconds?: number;
  readonly used?: number;
}

/** What of a campaign or load test says how its job stands. */
export interface JobAudience {
  readonly name: string | null;
  /** Of its email, as stored. */
  readonly emailStatus: string;
  readonly isDraft: boolean;
  readonly isPaused: boolean;
  readonly isCancelled: boolean;
  /** Recipients are still being made into copies. */
  readonly expanding: boolean;
  /** Runs of it are still to come, each with a job of its own. */
  readonly isRepeating: boolean;
  /** Copies are being opened again. */
  readonly isRetrying: boolean;
  /** How many copies there will be. */
  readonly expected: number;
  /** Its start has come; a load test begins with its first copy. */
  readonly hasBegun: boolean;
  readonly startsAt: Date;
  /** Between two of its copies, by its own pacing; 0: it sets none. */
  readonly secondsEach: number;
  /** How many its own pacing lets go at once, each hour; null: it spreads them, or sets none. */
  readonly atOnceAnHour: number | null;
  /** Why it does not go on now. */
  readonly waitingFor: readonly AudienceWait[];
  /** When the last copy is due that is for later; null: none is. */
  readonly lastDueAt: Date | null;
  /** Its copies moved since it was last told. */
  readonly hasNews: boolean;
  readonly counts: CopyCounts;
}

interface Row extends CopyCounts {
  readonly id: JobId;
  readonly email_status: string;
  readonly is_draft: boolean;
  readonly is_paused: boolean;
  readonly is_cancelled: boolean;
  readonly expanding: boolean;
  readonly is_repeating: boolean;
  readonly is_retrying: boolean;
  readonly expected: number;
  readonly has_begun: boolean;
  readonly starts_at: Date;
  readonly seconds_each: number;
  readonly name: string | null;
  readonly at_once_an_hour: number | null;
  readonly waits_for: readonly AudienceWait[] | null;
  readonly now: Date;
  readonly next_at: Date | null;
  readonly next_reason: string | null;
  readonly last_at: Date | null;
  readonly told_counts: CopyCounts | null;
}

const statement = sqlFile('./read-audiences.sql', import.meta.url);

/** Of jobs of campaigns and load tests: where their copies stand, in one statement for all of them. */
export async function readAudiences(
  db: Queryable,
  tenantId: TenantId,
  ids: readonly JobId[],
): Promise<ReadonlyMap<JobId, JobAudience>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<Row & Record<string, unknown>>({ ...statement, values: [tenantId, ids] });
  return new Map(rows.map((row) => [row.id, audienceOf(row)]));
}

const audienceOf = (row: Row): JobAudience => ({
  name: row.name,
  emailStatus: row.email_status,
  isDraft: row.is_draft,
  isPaused: row.is_paused,
  isCancelled: row.is_cancelled,
  expanding: row.expanding,
  isRepeating: row.is_repeating,
  isRetrying: row.is_retrying,
  expected: Math.max(row.expected, row.total),
  hasBegun: row.has_begun,
  startsAt: row.starts_at,
  secondsEach: row.seconds_each,
  atOnceAnHour: row.at_once_an_hour,
  waitingFor: waitsOf(row),
  lastDueAt: row.last_at,
  hasNews: row.told_counts !== null && !isSame(row, row.told_counts),
  counts: countsIn(row),
});

/** What its line waits for as it was last looked at; where it waits for nothing, why the next copy does not go yet. */
function waitsOf({ waits_for: noted, now, next_at: at, next_reason: reason }: Row): readonly AudienceWait[] {
  const waits = (noted ?? []).filter(({ until }) => until === null || Date.parse(until) > now.getTime());
  if (waits.length > 0) return waits;
  return at && reason !== null ? [{ reason, until: at.toISOString() }] : [];
}

const isSame = (one: CopyCounts, other: CopyCounts): boolean =>
  DELIVERY_STATUSES.every((status) => one[status] === other[status]);

const countsIn = ({ total, ...row }: CopyCounts): CopyCounts => ({
  total,
  scheduled: row.scheduled,
  queued: row.queued,
  sending: row.sending,
  sent: row.sent,
  failed: row.failed,
  unknown: row.unknown,
  cancelled: row.cancelled,
  expired: row.expired,
  suppressed: row.suppressed,
});
