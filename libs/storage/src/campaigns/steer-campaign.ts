import type { CampaignStatus, DeliveryStatus, EmailId, EmailKind, Mode, Pacing } from '#domain';
import type { Queryable } from '../database.js';
import type { LockedCopy } from '../emails/lock-emails.js';
import { sqlFile } from '../sql-file.js';
import type { CampaignRef } from './expand-campaign.js';

/** An email with an audience, locked; its copies are not: there may be a million. */
export interface LockedAudience {
  readonly id: EmailId;
  readonly kind: EmailKind;
  readonly mode: Mode;
  readonly status: CampaignStatus;
  readonly version: number;
  readonly owner_id: string | null;
  readonly scheduled_at: Date;
  readonly updated_at: Date;
  readonly is_cancelled: boolean;
  /** Its time has not come. */
  readonly is_ahead: boolean;
  /** Its recipients are being made into copies. */
  readonly expanding: boolean;
  /** Runs of it are still to come. */
  readonly is_repeating: boolean;
}

/** Where copies stand. */
export type StatusCounts = Readonly<Record<DeliveryStatus, number>>;

const statements = {
  hold: sqlFile('./hold-campaign.sql', import.meta.url),
  lock: sqlFile('./lock-audience.sql', import.meta.url),
  mark: sqlFile('./mark-audience.sql', import.meta.url),
  line: sqlFile('./hold-line.sql', import.meta.url),
  lockLine: sqlFile('./lock-line.sql', import.meta.url),
  owner: sqlFile('./follow-owner.sql', import.meta.url),
  claimed: sqlFile('./lock-claimed.sql', import.meta.url),
  count: sqlFile('./count-audience.sql', import.meta.url),
  sweep: sqlFile('./plan-sweep.sql', import.meta.url),
  open: sqlFile('./open-job.sql', import.meta.url),
  start: sqlFile('./start-campaign.sql', import.meta.url),
  pacing: sqlFile('./set-pacing.sql', import.meta.url),
  remove: sqlFile('./remove-campaign.sql', import.meta.url),
};

/**
 * Locks an email with an audience. Whoever locks several things of one does it in this order: the campaign (`holdCampaign`), its
 * job, its email, its line, its copies. Undefined: no such email for this tenant and mode.
 */
export async function lockAudience(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  mode: Mode,
): Promise<LockedAudience | undefined> {
  const values = [tenantId, mode, id];
  const { rows } = await tx.query<LockedAudience & Record<string, unknown>>({ ...statements.lock, values });
  return rows[0];
}

/** Keeps the making of copies, uploads and other changes of a campaign away until the transaction ends. */
export async function holdCampaign(tx: Queryable, { tenantId, id }: CampaignRef): Promise<void> {
  await tx.query({ ...statements.hold, values: [tenantId, id] });
}

/** Notes a new state on a locked email and its job, whose row must be held, too; its new version. */
export async function markAudience(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  status: CampaignStatus,
): Promise<number> {
  const { rows } = await tx.query<{ version: number }>({ ...statements.mark, values: [tenantId, id, status] });
  const [row] = rows;
  if (!row) throw new Error(`email ${id} vanished under its lock`);
  return row.version;
}

/**
 * Starts a draft that is locked and whose campaign and job are held; its new version and its time.
 * @param first of one that repeats: its first run; null: it has none
 */
export async function startCampaign(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  first?: number | null,
): Promise<{ readonly version: number; readonly scheduledAt: Date }> {
  const { rows } = await tx.query<{ version: number; scheduled_at: Date }>({
    ...statements.start,
    values: [tenantId, id, first !== undefined, first === undefined || first === null ? null : new Date(first)],
  });
  const [row] = rows;
  if (!row) throw new Error(`campaign ${id} vanished under its lock`);
  return { version: row.version, scheduledAt: row.scheduled_at };
}

/** Has the job of a draft looked after that has come to its end without being started. */
export async function openJob(tx: Queryable, { tenantId, id }: CampaignRef): Promise<void> {
  await tx.query({ ...statements.open, values: [tenantId, id] });
}

/** Holds a campaign's line back: when this is done no copy of it is being claimed any more. Or lets it go on. */
export async function holdLine(tx: Queryable, { tenantId, id }: CampaignRef, isHeld: boolean): Promise<void> {
  await tx.query({ ...statements.line, values: [tenantId, id, isHeld] });
}

/** Keeps a campaign's line from being claimed until the transaction ends: whether its time has come is known for certain then. */
export async function lockLine(tx: Queryable, { tenantId, id }: CampaignRef): Promise<void> {
  await tx.query({ ...statements.lockLine, values: [tenantId, id] });
}

/** Copies of a campaign, whose line is held back, that are queued or at a server, locked: the rows decide against the gate. */
export async function lockClaimed(tx: Queryable, { tenantId, id }: CampaignRef): Promise<LockedCopy[]> {
  const { rows } = await tx.query<LockedCopy & Record<string, unknown>>({
    ...statements.claimed,
    values: [tenantId, id],
  });
  return rows;
}

/** Where the copies of an email with an audience stand now. */
export async function countAudience(db: Queryable, { tenantId, id }: CampaignRef): Promise<StatusCounts> {
  const { rows } = await db.query<StatusCounts & Record<string, unknown>>({
    ...statements.count,
    values: [tenantId, id],
  });
  const [row] = rows;
  if (!row) throw new Error('counts are always one row');
  return row;
}

/** Has what waits of a cancelled campaign ended by the duty `sweeps`. @param told the final `email.cancelled` was told */
export async function planSweep(tx: Queryable, { tenantId, id }: CampaignRef, told: boolean): Promise<void> {
  await tx.query({ ...statements.sweep, values: [tenantId, id, told] });
}

/** Gives the job of a locked email with an audience, which is held, the owner of that. */
export async function followOwner(tx: Queryable, { tenantId, id }: CampaignRef): Promise<void> {
  await tx.query({ ...statements.owner, values: [tenantId, id] });
}

/** Removes a draft that is held and locked, with its recipients. */
export async function removeCampaign(tx: Queryable, { tenantId, id }: CampaignRef): Promise<void> {
  await tx.query({ ...statements.remove, values: [tenantId, id] });
}

export interface PacingChange {
  readonly pacing: Pacing;
  readonly name: string | null;
  /** The variables that the content needs of every recipient. */
  readonly needs: readonly string[];
  /** null: as it was. */
  readonly startAt: Date | null;
  /** Copies that are made already get the other start, chunk by chunk. */
  readonly isMoved: boolean;
  /** How it repeats. */
  readonly repeat: object | null;
  /** When its next run is; undefined: as it was. */
  readonly nextRun: number | null | undefined;
}

/** Writes how fast, and from when on, a held campaign goes; its line is looked at anew. */
export async function setPacing(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  { pacing, name, needs, startAt, isMoved, repeat, nextRun }: PacingChange,
): Promise<void> {
  const { delaySeconds, hourlyLimit, spread, weight } = pacing;
  const repeats = [
    repeat && JSON.stringify(repeat),
    nextRun !== undefined,
    typeof nextRun === 'number' ? new Date(nextRun) : null,
  ];
  const values = [tenantId, id, delaySeconds, hourlyLimit, spread, weight, name, needs, startAt, isMoved, ...repeats];
  await tx.query({ ...statements.pacing, values });
}
