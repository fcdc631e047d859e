import { type Caller, campaignView, Problem, requireVersion } from '#http';
import { holdCampaign, lockAudience, type Queryable, removeCampaign } from '#storage';
import { campaignIdOf, findCampaign, noSuchCampaign } from './campaign-of.js';

/** Deletes a draft with all that was uploaded to it. Throws `not_found`, `version_mismatch` and `state_conflict`. */
export async function deleteDraft(
  tx: Queryable,
  caller: Caller,
  publicCampaignId: string,
  ifVersion: number | undefined,
): Promise<void> {
  const campaign = { tenantId: caller.tenantId, id: campaignIdOf(publicCampaignId) };
  await holdCampaign(tx, campaign);
  const email = await lockAudience(tx, campaign, caller.mode);
  if (!email || email.kind !== 'campaign') throw noSuchCampaign();
  requireVersion(ifVersion, email.version, campaignView(await findCampaign(tx, caller, publicCampaignId)));
  if (email.status !== 'draft') {
    throw new Problem('state_conflict', `It is "${email.status}": only drafts can be deleted. Cancel it instead.`, {
      current: { status: email.status, at: email.updated_at.toISOString() },
    });
  }
  await removeCampaign(tx, campaign);
}
