import {
  chooseZone,
  type DeliveryId,
  type EmailId,
  FIRST_ZONE,
  isRecipientLocal,
  type Mode,
  nextOpening,
  RECIPIENT,
  resolveWish,
  sameTimeNear,
  type SendWindows,
  type TenantId,
  type Wish,
  zoneOfRuns,
} from '#domain';
import {
  appendOutbox,
  emailUpdated,
  holdCampaign,
  lockAudience,
  type LockedAudience,
  lockLine,
  markRescheduled,
  moveNextRun,
  moveStart,
  moveWishedCopies,
  nextWishedCopies,
  type Queryable,
  readNow,
  readWishedCampaign,
  type WishedCampaign,
  type WishedCopy,
} from '#storage';

interface Campaign {
  readonly tenantId: TenantId;
  readonly id: EmailId;
  readonly mode: Mode;
}

/** Copies of one transaction. */
const COPIES = 1_000;

export interface MovedCampaign {
  /** The last copy that was looked at; null: no more of it need be. */
  readonly last: DeliveryId | null;
  readonly moved: number;
}

const NOTHING: MovedCampaign = { last: null, moved: 0 };

/**
 * Moves a campaign whose local time comes at another instant now: its start, as an edit does, its next run where it repeats,
 * and, where the time is that of each recipient, the next of the copies that wait for it.
 */
export async function moveCampaign(
  tx: Queryable,
  campaign: Campaign,
  tenant: { readonly timeZone: string },
  after: DeliveryId | null,
): Promise<MovedCampaign> {
  await holdCampaign(tx, campaign);
  const email = await lockAudience(tx, campaign, campaign.mode);
  if (!email || email.is_cancelled) return NOTHING;
  await lockLine(tx, campaign); // whether its time has come is asked behind the claim under way
  const wished = await readWishedCampaign(tx, campaign);
  const now = Math.floor(await readNow(tx));
  if (wished.wish === null) return NOTHING;
  const isAhead = email.scheduled_at.getTime() > now;
  const isMoved = after === null && isAhead && (await moveAhead(tx, campaign, { email, wished, now }));
  if (wished.repeat !== null) return { last: null, moved: (await moveRun(tx, campaign, wished)) || isMoved ? 1 : 0 };
  if (!isRecipientLocal(wished.wish)) return { last: null, moved: isMoved ? 1 : 0 };
  const copies = await nextWishedCopies(tx, campaign, after, COPIES);
  const moves = movesOf(copies, { wish: wished.wish, windows: wished.windows, tenantZone: tenant.timeZone, now });
  await moveWishedCopies(tx, campaign.tenantId, moves);
  return { last: copies.length < COPIES ? null : (copies.at(-1)?.id ?? null), moved: moves.length + (isMoved ? 1 : 0) };
}

/** Its start is ahead. Copies at the local time of each recipient are looked at one by one; others go with it. */
async function moveAhead(
  tx: Queryable,
  campaign: Campaign,
  { email, wished, now }: { readonly email: LockedAudience; readonly wished: WishedCampaign; readonly now: number },
): Promise<boolean> {
  const { wish, repeat } = wished;
  if (wish === null) return false;
  const was = email.scheduled_at.getTime();
  const isLocal = isRecipientLocal(wish);
  const at = Math.max(now, repeat ? sameTimeNear(wish, zoneOfRuns(wish), was) : startOf(wish));
  if (at === was) return false;
  const startAt = new Date(at);
  const [marked] = await markRescheduled(tx, campaign.tenantId, [{ id: campaign.id, scheduledAt: startAt }]);
  await moveStart(tx, campaign, startAt, !isLocal && repeat === null && email.status !== 'draft');
  const of = {
    ...campaign,
    emailId: campaign.id,
    ownerId: email.owner_id,
    jobId: wished.job_id,
    source: 'poller',
    actor: 'system',
  };
  await appendOutbox(tx, [emailUpdated(of, ['scheduledAt'], { version: marked?.version ?? 0, scheduledAt: startAt })]);
  return true;
}

/** Where a day begins first it comes true first. */
const startOf = (wish: Wish): number =>
  resolveWish(wish, isRecipientLocal(wish) ? FIRST_ZONE : chooseZone([wish.timeZone]).timeZone).at;

async function moveRun(
  tx: Queryable,
  campaign: Campaign,
  { wish, next_run_at: next }: WishedCampaign,
): Promise<boolean> {
  if (wish === null || next === null) return false;
  const at = sameTimeNear(wish, zoneOfRuns(wish), next.getTime());
  if (at === next.getTime()) return false;
  await moveNextRun(tx, campaign, new Date(at));
  return true;
}

interface Clocks {
  readonly wish: Wish;
  readonly windows: SendWindows;
  readonly tenantZone: string;
  readonly now: number;
}

/** Where a copy is due at another instant than before: never in the past, and not before a window opens there. */
function movesOf(copies: readonly WishedCopy[], { wish, windows, tenantZone, now }: Clocks) {
  const all = [windows.filter(({ timeZone }) => timeZone === RECIPIENT)];
  const time = wish.local.slice('2027-03-28'.length);
  return copies.flatMap(({ id, zone, local_date: day, due_at: was, waits }) => {
    if (!waits) return [];
    const { timeZone } = chooseZone([zone, wish.fallback, tenantZone]);
    const from = Math.max(now, resolveWish({ local: `${day}${time}` }, timeZone).at);
    const at = nextOpening(from, all, timeZone) ?? from;
    return at === was.getTime() ? [] : [{ id, dueAt: new Date(at) }];
  });
}
