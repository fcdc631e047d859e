import { chooseZone, decideWish, isRecipientLocal, nextOpening, RECIPIENT, type SendWindows, type Wish } from '#domain';
import { type CampaignRef, type DueTimes, type Expansion, type Queryable, readSettings, zonesOfChunk } from '#storage';

/**
 * When the copies of a chunk are due: at the start of their campaign, or when its local time comes where each recipient is, and
 * not before a window that follows the recipient opens there. Other windows hold the whole line, not each copy.
 */
export async function dueTimes(
  tx: Queryable,
  campaign: CampaignRef,
  { scheduledAt, nowMs, wish: stored, windows: storedWindows }: Expansion,
  chunk: { readonly after: number; readonly upTo: number },
): Promise<DueTimes> {
  const wish = stored as Wish | null;
  const windows = (storedWindows as SendWindows).filter(({ timeZone }) => timeZone === RECIPIENT);
  const isLocal = wish !== null && isRecipientLocal(wish);
  if (!isLocal && windows.length === 0) return { dueAt: scheduledAt, zones: [] };
  const settings = await readSettings(tx, campaign.tenantId);
  const zones = await zonesOfChunk(tx, campaign, chunk);
  const start = { wish, windows, scheduledAt, nowMs, tenantZone: settings?.time_zone };
  return { dueAt: scheduledAt, zones: zones.map((own) => dueIn(own, start)) };
}

export interface Start {
  readonly wish: Wish | null;
  /** Those that follow the recipient. */
  readonly windows: SendWindows;
  readonly scheduledAt: Date;
  readonly nowMs: number;
  readonly tenantZone: string | undefined;
}

/** When a copy for a recipient of a zone is due. @param own '': nobody knows it */
export function dueIn(
  own: string,
  { wish, windows, scheduledAt, nowMs, tenantZone }: Start,
): DueTimes['zones'][number] {
  const { timeZone } = chooseZone([own, wish?.fallback, tenantZone]);
  const meant =
    wish !== null && isRecipientLocal(wish)
      ? decideWish(wish, timeZone, nowMs, wish.ifPast ?? 'send_now')
      : { kind: 'due' as const, at: scheduledAt.getTime(), localDate: null };
  if (meant.kind === 'skip') return { zone: own, dueAt: new Date(nowMs), localDate: meant.localDate, isSkipped: true };
  const at = nextOpening(meant.at, [windows], timeZone) ?? meant.at;
  return { zone: own, dueAt: new Date(at), localDate: meant.localDate, isSkipped: false };
}
