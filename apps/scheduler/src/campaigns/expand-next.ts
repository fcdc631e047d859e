import type { EmailId } from '#domain';
import {
  type CampaignRef,
  copyRecipients,
  type Database,
  endExpansion,
  expandChunk,
  type Expansion,
  holdExpansion,
  moveChunk,
  type NewRecipient,
  type Queryable,
  tellSkipped,
} from '#storage';
import { dueTimes } from './due-times.js';

/** Recipients of one transaction: some tens of milliseconds, for which a cancel may have to wait. */
const CHUNK = 1_000;

/** The recipients of a load test from one place on; the same for the same script. */
export type MakeRecipients = (
  loadTest: { readonly id: EmailId; readonly script: unknown },
  from: number,
  count: number,
) => readonly Pick<NewRecipient, 'key' | 'mailbox' | 'address'>[];

/** Makes the next chunk of an email's recipients into copies: copies, what is due and how far it is in one transaction. */
export function expandNext(
  db: Database,
  campaign: CampaignRef,
  makeRecipients: MakeRecipients,
): Promise<'more' | 'rest'> {
  return db.of(campaign.tenantId).transaction(async (tx) => {
    const held = await holdExpansion(tx, campaign);
    if (!held) return 'rest';
    if (held.isCancelled) {
      await endExpansion(tx, campaign);
      return 'rest';
    }
    await makeCopies(tx, campaign, held, makeRecipients);
    return held.position + CHUNK < held.lastPlace ? 'more' : 'rest';
  });
}

async function makeCopies(
  tx: Queryable,
  campaign: CampaignRef,
  held: Expansion,
  makeRecipients: MakeRecipients,
): Promise<void> {
  const chunk = { after: held.position, upTo: Math.min(held.position + CHUNK, held.lastPlace) };
  if (held.script === null) {
    if (held.parentId !== null) await copyRecipients(tx, campaign, held.parentId, chunk);
    const timed = { ...chunk, ...(await dueTimes(tx, campaign, held, chunk)) };
    if (held.isMoving) await moveChunk(tx, campaign, timed);
    await expandChunk(tx, campaign, timed);
    if (timed.zones.some(({ isSkipped }) => isSkipped)) await tellSkipped(tx, campaign, chunk);
    return;
  }
  const { id } = campaign;
  const recipients = makeRecipients({ id, script: held.script }, chunk.after + 1, chunk.upTo - chunk.after);
  await expandChunk(tx, campaign, { ...chunk, dueAt: held.scheduledAt, zones: [] }, recipients);
}
