import type { CampaignStatus, EmailId, Mode, RepeatWish, TenantId, Wish } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { CampaignRef } from './expand-campaign.js';

/** A campaign that repeats, its email locked. */
export interface Series {
  readonly repeat: RepeatWish;
  readonly mode: Mode;
  readonly status: CampaignStatus;
  readonly ownerId: string | null;
  /** When its first run is; of a draft without a time: when it was made. */
  readonly startAt: number;
  /** Its draft was given no time. */
  readonly isForNow: boolean;
  readonly schedule: Wish | null;
  /** The last run that was made or left out; null: none. */
  readonly lastRun: number | null;
  /** Its last run is still going on. */
  readonly isBusy: boolean;
  readonly isCancelled: boolean;
  readonly nowMs: number;
}

interface Row {
  readonly repeat: RepeatWish;
  readonly last_run_at: Date | null;
  readonly mode: Mode;
  readonly status: CampaignStatus;
  readonly owner_id: string | null;
  readonly scheduled_at: Date;
  readonly created_at: Date;
  readonly wish: Wish | null;
  readonly is_cancelled: boolean;
  readonly is_busy: boolean;
  readonly now_ms: number;
}

const statements = {
  find: sqlFile('./find-due-runs.sql', import.meta.url),
  hold: sqlFile('./hold-due-run.sql', import.meta.url),
  lock: sqlFile('./lock-series.sql', import.meta.url),
  note: sqlFile('./note-run.sql', import.meta.url),
  make: sqlFile('./make-run.sql', import.meta.url),
  copy: sqlFile('./copy-recipients.sql', import.meta.url),
};

/** What repeats and has a run due, of all tenants, longest due first. */
export async function findDueRuns(db: Queryable): Promise<CampaignRef[]> {
  const { rows } = await db.query<{ tenant_id: TenantId; email_id: EmailId }>({ ...statements.find, values: [] });
  return rows.map(({ tenant_id: tenantId, email_id: id }) => ({ tenantId, id }));
}

/** Takes a campaign until the transaction ends; false: another process has it, or no run of it is due. */
export async function holdDueRun(tx: Queryable, { tenantId, id }: CampaignRef): Promise<boolean> {
  return (await tx.query({ ...statements.hold, values: [tenantId, id] })).rows.length > 0;
}

/** Locks the email of a campaign that is held, and whose job is; undefined: it does not repeat. */
export async function lockSeries(tx: Queryable, { tenantId, id }: CampaignRef): Promise<Series | undefined> {
  const { rows } = await tx.query<Row & Record<string, unknown>>({ ...statements.lock, values: [tenantId, id] });
  const [row] = rows;
  return row && seriesIn(row);
}

const seriesIn = ({ repeat, mode, status, ...row }: Row): Series => ({
  repeat,
  mode,
  status,
  ownerId: row.owner_id,
  startAt: row.scheduled_at.getTime(),
  isForNow: row.scheduled_at <= row.created_at,
  schedule: row.wish,
  lastRun: row.last_run_at && row.last_run_at.getTime(),
  isBusy: row.is_busy,
  isCancelled: row.is_cancelled,
  nowMs: row.now_ms,
});

/** Notes the last run that was made or left out (null: as it was) and when the next one is (null: never). */
export async function noteRun(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  { last, next }: { readonly last: number | null; readonly next: number | null },
): Promise<void> {
  const [lastAt, nextAt] = [last, next].map((ms) => (ms === null ? null : new Date(ms)));
  await tx.query({ ...statements.note, values: [tenantId, id, lastAt, nextAt] });
}

/** A run, before it is stored. */
export interface NewRun {
  readonly id: EmailId;
  /** When it was to be: its name among the runs. */
  readonly at: number;
  /** null: now, because it is late. */
  readonly startAt: number | null;
  readonly schedule: Wish | null;
}

/** Stores a run with the content of the held campaign that repeats; undefined: it is there already. */
export async function makeRun(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  run: NewRun,
): Promise<{ readonly scheduledAt: Date; readonly recipients: number } | undefined> {
  const startAt = run.startAt === null ? null : new Date(run.startAt);
  const values = [tenantId, id, run.id, new Date(run.at), startAt, run.schedule && JSON.stringify(run.schedule)];
  const { rows } = await tx.query<{ scheduled_at: Date; recipients: number }>({ ...statements.make, values });
  const [row] = rows;
  return row && { scheduledAt: row.scheduled_at, recipients: row.recipients };
}

/** Gives a held run the recipients of its next chunk. */
export async function copyRecipients(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  parentId: EmailId,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<void> {
  await tx.query({ ...statements.copy, values: [tenantId, id, parentId, after, upTo] });
}
