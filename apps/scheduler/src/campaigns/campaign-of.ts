import { type EmailId, parsePublicId } from '#domain';
import { type Caller, Problem } from '#http';
import { type CampaignRow, getCampaign, type Queryable } from '#storage';

export const noSuchCampaign = (): Problem => new Problem('not_found', 'There is no such campaign.');

/** The email of a campaign by the id in a path; anything that cannot be one is simply not found. */
export function campaignIdOf(text: string): EmailId {
  const id = parsePublicId('campaign', text);
  if (!id) throw noSuchCampaign();
  return id as string as EmailId;
}

/** A campaign by its public id; throws the problem `not_found`. */
export async function findCampaign(db: Queryable, caller: Caller, id: string): Promise<CampaignRow> {
  const campaign = await getCampaign(db, caller, campaignIdOf(id));
  if (!campaign) throw noSuchCampaign();
  return campaign;
}
