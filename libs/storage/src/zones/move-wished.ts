import type { DeliveryId, EmailId, JobId, RepeatWish, SendWindows, TenantId, Wish } from '#domain';
import type { CampaignRef } from '../campaigns/expand-campaign.js';
import type { Queryable } from '../database.js';
import type { MarkedEmail } from '../emails/pause-emails.js';
import { sqlFile } from '../sql-file.js';

/** What a campaign with a local time wishes. */
export interface WishedCampaign {
  /** null: it was edited meanwhile, and wishes an instant. */
  readonly wish: Wish | null;
  readonly windows: SendWindows;
  readonly job_id: JobId | null;
  readonly repeat: RepeatWish | null;
  readonly next_run_at: Date | null;
}

/** A copy of a campaign, locked. */
export interface WishedCopy {
  readonly id: DeliveryId;
  /** The recipient's; '': nobody knows it. */
  readonly zone: string;
  readonly local_date: string;
  readonly due_at: Date;
  /** For its local time, and for nothing else. */
  readonly waits: boolean;
}

const statements = {
  mark: sqlFile('./mark-rescheduled.sql', import.meta.url),
  read: sqlFile('./read-wished-campaign.sql', import.meta.url),
  start: sqlFile('./move-start.sql', import.meta.url),
  run: sqlFile('./move-next-run.sql', import.meta.url),
  next: sqlFile('./next-wished-copies.sql', import.meta.url),
  move: sqlFile('./move-wished-copies.sql', import.meta.url),
};

/** Notes on locked emails when they are wanted by the clocks as they go now; all of them come back. */
export async function markRescheduled(
  tx: Queryable,
  tenantId: TenantId,
  emails: readonly { readonly id: EmailId; readonly scheduledAt: Date }[],
): Promise<MarkedEmail[]> {
  const values = [tenantId, emails.map(({ id }) => id), emails.map(({ scheduledAt }) => scheduledAt)];
  const { rows } = await tx.query<MarkedEmail & Record<string, unknown>>({ ...statements.mark, values });
  return rows;
}

export async function readWishedCampaign(tx: Queryable, { tenantId, id }: CampaignRef): Promise<WishedCampaign> {
  const values = [tenantId, id];
  const { rows } = await tx.query<WishedCampaign & Record<string, unknown>>({ ...statements.read, values });
  const [row] = rows;
  if (!row) throw new Error(`campaign ${id} vanished under its lock`);
  return row;
}

/** Moves the start of a held campaign. @param withCopies those that are made already, chunk by chunk */
export async function moveStart(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  startAt: Date,
  withCopies: boolean,
): Promise<void> {
  await tx.query({ ...statements.start, values: [tenantId, id, startAt, withCopies] });
}

/** Moves the next run of a held campaign that repeats. */
export async function moveNextRun(tx: Queryable, { tenantId, id }: CampaignRef, at: Date): Promise<void> {
  await tx.query({ ...statements.run, values: [tenantId, id, at] });
}

/** The next copies of a held campaign, locked. */
export async function nextWishedCopies(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  after: DeliveryId | null,
  atMost: number,
): Promise<WishedCopy[]> {
  const values = [tenantId, id, after, atMost];
  const { rows } = await tx.query<WishedCopy & Record<string, unknown>>({ ...statements.next, values });
  return rows;
}

/** Gives locked copies that wait for their local time another instant. */
export async function moveWishedCopies(
  tx: Queryable,
  tenantId: TenantId,
  copies: readonly { readonly id: DeliveryId; readonly dueAt: Date }[],
): Promise<void> {
  if (copies.length === 0) return;
  const values = [tenantId, copies.map(({ id }) => id), copies.map(({ dueAt }) => dueAt)];
  await tx.query({ ...statements.move, values });
}
