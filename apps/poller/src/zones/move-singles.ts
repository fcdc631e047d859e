import {
  bindingWindows,
  chooseZone,
  type DeliveryId,
  type EmailId,
  isRecipientLocal,
  type Mode,
  nextOpening,
  resolveAnew,
  type SendWindows,
  type TenantId,
  type Wish,
} from '#domain';
import {
  appendOutbox,
  type ChangeOf,
  copiesMoved,
  emailUpdated,
  type LockedCopy,
  type LockedEmail,
  lockManyCopies,
  markRescheduled,
  pairs,
  type Queryable,
  readNow,
  requeueCopies,
} from '#storage';

export interface TenantTimes {
  readonly timeZone: string;
  readonly windows: SendWindows;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

/** An email that is wanted at another instant than before. */
interface Move {
  readonly email: LockedEmail;
  readonly scheduledAt: Date;
  readonly dueAt: Date;
  readonly copies: readonly LockedCopy[];
}

/** Moves emails of their own whose local time comes at another instant now, as an edit of their time does; how many. */
export async function moveSingles(
  tx: Queryable,
  caller: Caller,
  times: TenantTimes,
  ids: readonly EmailId[],
): Promise<number> {
  const { tenantId, mode } = caller;
  const emails = await lockManyCopies(tx, tenantId, mode, ids);
  const now = Math.floor(await readNow(tx));
  const moves = emails.flatMap((email) => moveOf(email, times, now) ?? []);
  if (moves.length === 0) return 0;
  const marked = await markRescheduled(
    tx,
    tenantId,
    moves.map(({ email: { id }, scheduledAt }) => ({ id, scheduledAt })),
  );
  const versions = new Map(marked.map(({ id, version }) => [id, version]));
  const moved = await requeue(tx, tenantId, moves);
  const events = moves.flatMap(({ email, copies, scheduledAt }) => {
    const of = changeOf(caller, email);
    const told = { version: versions.get(email.id) ?? 0, scheduledAt };
    return [...copiesMoved(of, pairs(copies, moved)), emailUpdated(of, ['scheduledAt'], told)];
  });
  await appendOutbox(tx, events);
  return moves.length;
}

function moveOf(email: LockedEmail, times: TenantTimes, now: number): Move | null {
  const { wish, scheduled_at: scheduledAt, tombstone_at: cancelledAt } = email;
  const was = scheduledAt.getTime();
  if (wish === null || cancelledAt !== null || was <= now) return null;
  const at = resolveAnew(wish, zoneOf(wish, times), { was, now });
  const copies = email.copies.filter(waits);
  if (at === null || copies.length === 0) return null;
  return { email, copies, scheduledAt: new Date(at), dueAt: new Date(openingOf(email, wish, times, at)) };
}

/** Nothing is known of where a recipient is: what the email says, else the tenant, else UTC. */
const zoneOf = ({ timeZone, fallback, ...wish }: Wish, tenant: TenantTimes): string =>
  chooseZone(isRecipientLocal({ ...wish, timeZone }) ? [fallback, tenant.timeZone] : [timeZone]).timeZone;

function openingOf({ class: emailClass, windows }: LockedEmail, wish: Wish, tenant: TenantTimes, at: number): number {
  const all = bindingWindows({ class: emailClass, tenantWindows: tenant.windows, windows });
  return nextOpening(at, all, chooseZone([wish.fallback, tenant.timeZone]).timeZone) ?? at;
}

/** What was tried, or waits for a person, has had its time. */
const waits = ({ status, attempt, is_due: isDue, reason }: LockedCopy): boolean =>
  status === 'scheduled' && attempt === 0 && !isDue && reason !== 'missed';

/** A statement for each instant, not for each email. */
async function requeue(tx: Queryable, tenantId: TenantId, moves: readonly Move[]) {
  const moved: Awaited<ReturnType<typeof requeueCopies>> = [];
  const groups = new Map<string, { readonly move: Move; readonly ids: DeliveryId[] }>();
  for (const move of moves) {
    const isShut = move.dueAt > move.scheduledAt;
    const key = `${move.dueAt.getTime()} ${isShut}`;
    const ids = move.copies.map(({ id }) => id);
    groups.set(key, { move, ids: [...(groups.get(key)?.ids ?? []), ...ids] });
  }
  for (const { move, ids } of groups.values()) {
    const waitsFor = move.dueAt > move.scheduledAt ? 'window' : null;
    moved.push(...(await requeueCopies(tx, tenantId, ids, move.dueAt, waitsFor)));
  }
  return moved;
}

const changeOf = ({ tenantId, mode }: Caller, { id, owner_id: ownerId, job_id: jobId }: LockedEmail): ChangeOf => ({
  tenantId,
  mode,
  emailId: id,
  ownerId,
  jobId,
  source: 'poller',
  actor: 'system',
});
