import { type EmailId, parsePublicId, publicId } from '#domain';
import { type Caller, type ListView, Problem, readCursor, writeCursor } from '#http';
import { type CampaignRow, listCampaigns, type Queryable } from '#storage';
import type { CampaignQuery } from './campaign.schema.js';

/** A page of a tenant's campaigns, newest first; cursors stay good while campaigns arrive. */
export async function pageOfCampaigns<View>(
  tx: Queryable,
  caller: Caller,
  { limit, after, before, ...filter }: CampaignQuery,
  view: (row: CampaignRow) => View,
): Promise<ListView<View>> {
  if (after !== undefined && before !== undefined) {
    const errors = [{ parameter: 'before', code: 'conflict' as const, detail: 'send after or before, not both' }];
    throw new Problem('validation_failed', 'before: send after or before, not both', { errors });
  }
  const page = { limit, after: position(after, filter), before: position(before, filter) };
  const wish = { statuses: filter.status, ownerId: filter.ownerId };
  const { rows, hasOlder, hasNewer } = await listCampaigns(tx, caller, wish, page);
  const cursorAt = (row: CampaignRow | undefined) => row && writeCursor([publicId('campaign', row.id)], filter);
  return {
    object: 'list',
    data: rows.map(view),
    hasMore: hasOlder && rows.length > 0,
    nextCursor: (hasOlder && cursorAt(rows.at(-1))) || null,
    prevCursor: (hasNewer && cursorAt(rows[0])) || null,
  };
}

function position(cursor: string | undefined, filter: object): EmailId | undefined {
  if (cursor === undefined) return undefined;
  const [id = ''] = readCursor(cursor, filter);
  const found = parsePublicId('campaign', id);
  if (!found) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor or prevCursor as they came.');
  return found as string as EmailId;
}
