import { type Caller, campaignView, requireVersion } from '#http';
import {
  type CampaignRow,
  holdCampaign,
  holdJob,
  lockAudience,
  lockLine,
  type Queryable,
  readNow,
  readSettings,
} from '#storage';
import type { DefaultFrom } from '../settings/default-from.js';
import type { CampaignPatch } from './campaign.schema.js';
import { campaignIdOf, findCampaign, noSuchCampaign } from './campaign-of.js';
import { type NewContent, requireNeeds } from './require-needs.js';
import { type Edit, requireFit, rulesOfEdit } from './rules-of-edit.js';
import { asJob } from './steer-campaigns.js';
import { storeEdit } from './store-edit.js';

/** Changes a campaign that has not come to its end; copies that are not armed get the new content. */
export class EditCampaign {
  constructor(private readonly defaultFrom: DefaultFrom) {}

  /** Throws `not_found`, `version_mismatch`, `state_conflict` and `validation_failed`. */
  async run(
    tx: Queryable,
    caller: Caller,
    id: string,
    patch: CampaignPatch,
    ifVersion: number | undefined,
  ): Promise<CampaignRow> {
    const campaign = { tenantId: caller.tenantId, id: campaignIdOf(id) };
    await holdCampaign(tx, campaign);
    await holdJob(tx, { ...campaign, id: asJob(campaign.id) });
    const email = await lockAudience(tx, campaign, caller.mode);
    if (!email) throw noSuchCampaign();
    await lockLine(tx, campaign); // a claim under way may take its first copies: whether its time has come is asked behind it
    const row = await findCampaign(tx, caller, id);
    requireVersion(ifVersion, row.version, campaignView(row));
    requireFit(row, patch);
    const from = patch.from === null ? await this.defaultFrom.of(caller.tenantId, tx) : patch.from;
    const settings = await readSettings(tx, caller.tenantId);
    const ofTenant = settings?.windows ?? [];
    const edit = rulesOfEdit(row, { ...patch, from }, { now: Math.floor(await readNow(tx)), ofTenant });
    if (edit.changed.length === 0) return row;
    await requireNeeds(tx, campaign, row, contentOf(edit));
    await storeEdit(tx, caller, campaign, { row, edit });
    return findCampaign(tx, caller, id);
  }
}

const contentOf = ({ wish: { subject, text, html }, needs }: Edit): NewContent => ({
  subject,
  text: text ?? null,
  html: html ?? null,
  needs,
});
