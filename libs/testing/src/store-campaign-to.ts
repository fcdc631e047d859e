import {
  addRecipients,
  createCampaign,
  type Database,
  expandChunk,
  holdExpansion,
  type NewCampaign,
  type NewRecipient,
} from '#storage';
import { aCampaign } from './a-campaign.js';

/** A campaign with the copies of all its recipients, by the statements that store them. */
export async function storeCampaignTo(
  db: Database,
  recipients: readonly NewRecipient[],
  wish: Partial<Omit<NewCampaign, 'audience'>> = {},
): Promise<NewCampaign> {
  const count = recipients.length;
  const audience = { expanding: count > 0, recipients: count, merged: 0, rejected: 0 };
  const campaign = aCampaign({ ...wish, audience });
  await db.transaction(async (tx) => {
    await createCampaign(tx, campaign);
    await addRecipients(tx, campaign, 0, recipients);
    const held = await holdExpansion(tx, campaign);
    if (held) await expandChunk(tx, campaign, { after: 0, upTo: count, dueAt: held.scheduledAt, zones: [] });
  });
  return campaign;
}
