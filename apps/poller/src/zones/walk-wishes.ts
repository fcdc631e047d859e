import type { EmailId, Mode, TenantId } from '#domain';
import {
  type Database,
  type HeldZoneWalk,
  holdZoneWalk,
  nextWishes,
  noteZoneWalk,
  type Queryable,
  type WishedEmail,
  type ZoneWalk,
} from '#storage';
import { moveCampaign } from './move-campaign.js';
import { moveSingles } from './move-singles.js';

export interface Walked {
  readonly isOver: boolean;
  /** Emails and copies that got another instant. */
  readonly moved: number;
}

interface Step {
  /** null: that was all. */
  readonly next: ZoneWalk | null;
  readonly moved: number;
}

/** Emails of one transaction. */
const EMAILS = 200;

/** One step of the walk over a tenant's wishes: some emails, or some copies of a campaign; what moves and how far it is in one transaction. */
export function walkWishes(db: Database, tenantId: TenantId): Promise<Walked> {
  return db.transaction(async (tx) => {
    const walk = await holdZoneWalk(tx, tenantId);
    if (!walk) return { isOver: true, moved: 0 };
    const { next, moved } = await step(tx, tenantId, walk);
    await noteZoneWalk(tx, tenantId, next);
    return { isOver: next === null, moved };
  });
}

async function step(tx: Queryable, tenantId: TenantId, walk: HeldZoneWalk): Promise<Step> {
  const { emailId, campaignId } = walk;
  const found = await nextWishes(tx, tenantId, emailId, EMAILS);
  const first = found.findIndex(({ kind, waits }) => kind !== 'single' && waits);
  const singles = first === -1 ? found : found.slice(0, first);
  if (singles.length > 0) {
    const last = singles.at(-1)?.id ?? emailId;
    const moved = await moveAll(tx, tenantId, walk, singles);
    const isOver = first === -1 && found.length < EMAILS;
    return { next: isOver ? null : beyond(last), moved };
  }
  const campaign = found[first];
  if (!campaign) return { next: null, moved: 0 };
  const after = campaign.id === campaignId ? walk.deliveryId : null;
  const { last, moved } = await moveCampaign(tx, { tenantId, ...campaign }, walk, after);
  return { next: last === null ? beyond(campaign.id) : { emailId, campaignId: campaign.id, deliveryId: last }, moved };
}

const beyond = (emailId: EmailId | null): ZoneWalk => ({ emailId, campaignId: null, deliveryId: null });

async function moveAll(
  tx: Queryable,
  tenantId: TenantId,
  walk: HeldZoneWalk,
  emails: readonly WishedEmail[],
): Promise<number> {
  const waiting = emails.filter(({ waits }) => waits);
  const modes = [...new Set(waiting.map(({ mode }) => mode))].toSorted();
  const idsOf = (asked: Mode) => waiting.flatMap(({ id, mode }) => (mode === asked ? [id] : []));
  let moved = 0;
  for (const mode of modes) moved += await moveSingles(tx, { tenantId, mode }, walk, idsOf(mode));
  return moved;
}
