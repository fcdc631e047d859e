import { type Database, ensureTenant, type NewCampaign } from '#storage';
import { someRecipients, storeCampaignTo } from '#testing';

/** A campaign of the developer's tenant to so many, with all its copies. */
export const storeCampaign = async (
  db: Database,
  count: number,
  wish: Partial<Omit<NewCampaign, 'audience'>> = {},
): Promise<NewCampaign> =>
  storeCampaignTo(db, someRecipients(count), { ...wish, tenantId: await ensureTenant(db, 'dev') });
