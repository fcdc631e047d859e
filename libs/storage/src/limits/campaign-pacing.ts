import type { EmailId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** What of a campaign's pacing is a limit. */
export interface CampaignPacingRow {
  readonly hourly_limit: number | null;
  readonly delay_seconds: number;
}

interface Owner {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const hasStatement = sqlFile('./has-campaign.sql', import.meta.url);
const holdStatement = sqlFile('./hold-campaign-pacing.sql', import.meta.url);
const setStatement = sqlFile('./set-hourly-limit.sql', import.meta.url);

export async function hasCampaign(db: Queryable, { tenantId, mode }: Owner, id: EmailId): Promise<boolean> {
  return (await db.query({ ...hasStatement, values: [tenantId, mode, id] })).rows.length > 0;
}

/** The pacing of a campaign, which nobody else changes until the transaction ends; undefined: there is no such campaign. */
export async function holdCampaignPacing(
  tx: Queryable,
  { tenantId, mode }: Owner,
  id: EmailId,
): Promise<CampaignPacingRow | undefined> {
  const values = [tenantId, mode, id];
  return (await tx.query<CampaignPacingRow & Record<string, unknown>>({ ...holdStatement, values })).rows[0];
}

/** Another hourly limit for a campaign that is held; null: none. */
export async function setHourlyLimit(
  tx: Queryable,
  tenantId: TenantId,
  id: EmailId,
  max: number | null,
): Promise<void> {
  await tx.query({ ...setStatement, values: [tenantId, id, max] });
}
