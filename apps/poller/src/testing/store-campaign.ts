import { campaignScope, type EmailId, type LimitRule, type TenantId } from '#domain';
import { createLimit, type Database } from '#storage';
import { someRecipients, storeCampaignTo } from '#testing';

export interface CampaignWish {
  readonly tenantId: TenantId;
  readonly copies: number;
  readonly delaySeconds?: number;
  readonly hourlyLimit?: number | null;
  readonly weight?: number;
  readonly rules?: readonly LimitRule[];
  readonly windows?: readonly object[];
  /** Of all recipients. */
  readonly domain?: string;
}

/** A campaign whose copies have all been made and are due, in its line. */
export async function storeCampaign(db: Database, wish: CampaignWish): Promise<EmailId> {
  const { tenantId, copies, rules = [], windows = [], domain = 'example.com' } = wish;
  const { delaySeconds = 0, hourlyLimit = null, weight = 1 } = wish;
  const pacing = { delaySeconds, hourlyLimit, spread: 'even', weight } as const;
  const recipients = someRecipients(copies, 1, domain);
  const { id } = await storeCampaignTo(db, recipients, { tenantId, windows, pacing });
  if (rules.length > 0) await createLimit(db, tenantId, campaignScope(id), rules);
  return id;
}
