import { campaignScope, type EmailId, isPaced, type Mode, pacedRules, type Pacing, type TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { changeLimit, createHeldLimit, type LimitRow, lockLimit, removeLimit } from './limit-rows.js';

/** What of a campaign's pacing is a limit. */
export type CampaignPacing = Pick<Pacing, 'delaySeconds' | 'hourlyLimit'>;

interface Owner {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

const readStatement = sqlFile('./read-campaign-pacing.sql', import.meta.url);
const holdStatement = sqlFile('./hold-campaign-pacing.sql', import.meta.url);
const setStatement = sqlFile('./set-hourly-limit.sql', import.meta.url);

/** The pacing of a campaign; undefined: there is no such campaign. */
export const readCampaignPacing = (db: Queryable, owner: Owner, id: EmailId): Promise<CampaignPacing | undefined> =>
  pacingBy(readStatement, db, owner, id);

/** The same, which nobody else changes until the transaction ends. */
export const holdCampaignPacing = (tx: Queryable, owner: Owner, id: EmailId): Promise<CampaignPacing | undefined> =>
  pacingBy(holdStatement, tx, owner, id);

/** Another hourly limit for a campaign that is held; null: none. */
export async function setHourlyLimit(
  tx: Queryable,
  tenantId: TenantId,
  id: EmailId,
  max: number | null,
): Promise<void> {
  await tx.query({ ...setStatement, values: [tenantId, id, max] });
}

/** The limit of a campaign that is held, and its line, locked and as its pacing says; undefined: it has none. */
export async function lockPacedLimit(
  tx: Queryable,
  tenantId: TenantId,
  id: EmailId,
  pacing: CampaignPacing,
): Promise<LimitRow | undefined> {
  const limit = await lockLimit(tx, tenantId, campaignScope(id));
  if (isPaced(limit?.rules ?? [], pacing)) return limit;
  const rules = pacedRules(limit?.rules ?? [], pacing);
  if (!limit) return createHeldLimit(tx, tenantId, campaignScope(id), rules);
  if (rules.length > 0) return changeLimit(tx, limit, rules);
  await removeLimit(tx, limit); // else it would go on counting, and what it counted would be counted again for the next rules
  return undefined;
}

async function pacingBy(
  statement: typeof readStatement,
  db: Queryable,
  { tenantId, mode }: Owner,
  id: EmailId,
): Promise<CampaignPacing | undefined> {
  const { rows } = await db.query<{ hourly_limit: number | null; delay_seconds: number }>({
    ...statement,
    values: [tenantId, mode, id],
  });
  const [row] = rows;
  return row && { hourlyLimit: row.hourly_limit, delaySeconds: row.delay_seconds };
}
