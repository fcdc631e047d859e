import type { Queryable } from '../database.js';
import { type EndedCopy, endedEvents } from '../misfire/ended-copy.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { sqlFile } from '../sql-file.js';
import type { CampaignRef } from './expand-campaign.js';

const statement = sqlFile('./tell-skipped.sql', import.meta.url);

/** Tells of the copies of a chunk of a held campaign that were made ended, because their local time had passed (`ifPast: skip`). */
export async function tellSkipped(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<void> {
  const values = [tenantId, id, after, upTo];
  const { rows } = await tx.query<EndedCopy & Record<string, unknown>>({ ...statement, values });
  await appendOutbox(tx, endedEvents(rows, 'scheduler'));
}
