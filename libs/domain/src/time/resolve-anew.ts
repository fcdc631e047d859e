import { dateOf, localAt } from './local-time.js';
import { decideWish, resolveWish, type Wish } from './wish.js';

/**
 * When what waits for a wish is wanted by the clocks as they go now, of which other things were known when it was wished: never
 * in the past, and where that day's time has passed meanwhile with `next_day` on the next. null: as it was.
 * @param was the instant that was found then, still ahead
 */
export function resolveAnew(
  wish: Wish,
  timeZone: string,
  { was, now }: { readonly was: number; readonly now: number },
) {
  const at = wish.ifPast === 'next_day' ? dayAfter(wish, timeZone, now) : Math.max(now, resolveWish(wish, timeZone).at);
  return at === was ? null : at;
}

function dayAfter(wish: Wish, timeZone: string, now: number): number {
  const decision = decideWish(wish, timeZone, now, 'next_day');
  return decision.kind === 'due' ? decision.at : now;
}

/** The instant, nearest to one found before, at which the clocks of a zone show the wished time of day. */
export function sameTimeNear(wish: Pick<Wish, 'local'>, timeZone: string, was: number): number {
  const time = wish.local.slice('2027-03-28'.length);
  const days = [-DAY, 0, DAY].map((off) => dateOf(localAt(was + off, timeZone)));
  const instants = days.map((day) => resolveWish({ local: `${day}${time}` }, timeZone).at);
  return instants.reduce((best, at) => (Math.abs(at - was) < Math.abs(best - was) ? at : best));
}

const DAY = 86_400_000;
