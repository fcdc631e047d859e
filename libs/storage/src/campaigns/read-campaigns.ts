import type { CampaignStatus, EmailId, Mode, Pacing, RepeatWish, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { type EmailRow, readEmails } from '../emails/read-emails.js';
import { type Page, type PageOf, turned } from '../page.js';
import { plannedAnew, sqlFile } from '../sql-file.js';
import type { RejectedRow } from './add-recipients.js';

/** A campaign with its email, as stored. */
export interface CampaignRow extends EmailRow {
  readonly name: string | null;
  readonly delay_seconds: number;
  readonly hourly_limit: number | null;
  readonly spread: Pacing['spread'];
  readonly weight: number;
  readonly repeat: RepeatWish | null;
  readonly parent_id: EmailId | null;
  readonly expanding: boolean;
  readonly recipients: number;
  readonly merged: number;
  readonly rejected: number;
  readonly bad_time_zones: number;
  /** When its line may send next, or its next run begins; null: it has neither, or nothing waits. */
  readonly next_at: Date | null;
}

export interface CampaignFilter {
  readonly statuses?: readonly CampaignStatus[] | undefined;
  readonly ownerId?: string | undefined;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const statements = {
  read: sqlFile('./read-campaigns.sql', import.meta.url),
  older: plannedAnew(sqlFile('./list-older.sql', import.meta.url)),
  newer: plannedAnew(sqlFile('./list-newer.sql', import.meta.url)),
  rejected: sqlFile('./list-rejected.sql', import.meta.url),
  rejectedBefore: sqlFile('./list-rejected-before.sql', import.meta.url),
};

/** Campaigns in the order asked; those that do not exist for this tenant and mode are left out. */
export async function readCampaigns(
  db: Queryable,
  { tenantId, mode }: Caller,
  ids: readonly EmailId[],
  options: { readonly bodies: boolean },
): Promise<CampaignRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<Omit<CampaignRow, keyof EmailRow> & { id: EmailId } & Record<string, unknown>>({
    ...statements.read,
    values: [tenantId, mode, ids],
  });
  // Afterwards: whose copies are all made by then is shown with all of them.
  const emails = await readEmails(db, tenantId, mode, ids, options);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return emails.flatMap((email) => {
    const own = byId.get(email.id);
    return own ? [{ ...email, ...own }] : [];
  });
}

/** One campaign; undefined: it does not exist for this tenant and mode. */
export async function getCampaign(db: Queryable, caller: Caller, id: EmailId): Promise<CampaignRow | undefined> {
  const [row] = await readCampaigns(db, caller, [id], { bodies: true });
  return row;
}

/** A page of a tenant's campaigns, newest first. */
export async function listCampaigns(
  db: Queryable,
  caller: Caller,
  { statuses, ownerId }: CampaignFilter,
  { limit, after, before }: Page<EmailId>,
): Promise<PageOf<CampaignRow>> {
  const backwards = before !== undefined;
  const beyond = before ?? after ?? null;
  const found = await db.query<{ id: EmailId }>({
    ...(backwards ? statements.newer : statements.older),
    values: [caller.tenantId, caller.mode, statuses ?? null, ownerId ?? null, beyond, limit + 1], // one more tells whether there is more
  });
  const ids = found.rows.map(({ id }) => id);
  const { rows: shown, ...more } = turned(ids, { limit, after, before });
  return { ...more, rows: await readCampaigns(db, caller, shown, { bodies: false }) };
}

/** Rows that were left out of a campaign's recipients, behind a place, backwards before it; one more than the limit where there are more. */
export async function listRejected(
  db: Queryable,
  { tenantId, id }: { readonly tenantId: TenantId; readonly id: EmailId },
  { limit, after, before }: Page<number>,
): Promise<(RejectedRow & { readonly place: number })[]> {
  const { rows } = await db.query<RejectedRow & { place: number } & Record<string, unknown>>({
    ...(before === undefined ? statements.rejected : statements.rejectedBefore),
    values: [tenantId, id, before ?? after ?? 0, limit + 1],
  });
  return rows;
}
