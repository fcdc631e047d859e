import { type EmailId, parsePublicId, publicId } from '#domain';
import { type Caller, listOf, type ListView, readPage, writeCursor } from '#http';
import { type CampaignRow, listCampaigns, type Queryable } from '#storage';
import type { CampaignQuery } from './campaign.schema.js';

/** A page of a tenant's campaigns, newest first; cursors stay good while campaigns arrive. */
export async function pageOfCampaigns<View>(
  tx: Queryable,
  caller: Caller,
  { limit, after, before, ...filter }: CampaignQuery,
  view: (row: CampaignRow) => View,
): Promise<ListView<View>> {
  const page = readPage(
    { limit, after, before },
    filter,
    (text) => parsePublicId('campaign', text) as string | undefined as EmailId | undefined,
  );
  const wish = { statuses: filter.status, ownerId: filter.ownerId };
  const found = await listCampaigns(tx, caller, wish, page);
  const cursorAt = (row: CampaignRow) => writeCursor([publicId('campaign', row.id)], filter);
  return listOf(found, found.rows.map(view), cursorAt);
}
