import { PAST_TOLERANCE_MS } from './instant.js';
import { dateOf, instantOf, type LocalMs, parseLocal } from './local-time.js';

/** Instead of the name of a zone: the one where each recipient is. */
export const RECIPIENT = 'recipient';

/** What to do for a recipient for whom the wished time is past already. */
export const IF_PAST = ['send_now', 'next_day', 'skip'] as const;
export type IfPast = (typeof IF_PAST)[number];

/** When to send, as people say it: a date, a time and whose clock. Stored beside the instant (interface 3.1). */
export interface Wish {
  /** `2027-03-28T02:30`, readable by `parseLocal`. */
  readonly local: string;
  /** IANA, or `recipient`. */
  readonly timeZone: string;
  /** With `recipient`: for those of whom no zone is known; absent: the tenant's, else UTC. */
  readonly fallback?: string | undefined;
  /** With `recipient`; absent: `send_now` for many, an error for an email of its own. */
  readonly ifPast?: IfPast | undefined;
}

export const isRecipientLocal = ({ timeZone }: Pick<Wish, 'timeZone'>): boolean => timeZone === RECIPIENT;

/** When a wish comes true somewhere. */
export interface ResolvedWish {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The day that was meant there: one copy for each recipient and day. */
  readonly localDate: string;
}

const DAY = 86_400_000;

/** The instant of a wish in a zone (of `chooseZone`), past or not. */
export function resolveWish(wish: Pick<Wish, 'local'>, timeZone: string): ResolvedWish {
  return resolveLocal(readLocal(wish.local), timeZone);
}

const resolveLocal = (local: LocalMs, timeZone: string): ResolvedWish => ({
  at: instantOf(local, timeZone),
  localDate: dateOf(local),
});

export type WishDecision =
  ({ readonly kind: 'due' } & ResolvedWish) | { readonly kind: 'skip'; readonly localDate: string };

/**
 * When a recipient in a zone gets what was wished, given what time it is: at the wished instant, or, where that is past by
 * more than what still means now, as `ifPast` says: now, the same time of the next day that is not past, or not at all.
 */
export function decideWish(wish: Pick<Wish, 'local'>, timeZone: string, now: number, ifPast: IfPast): WishDecision {
  const local = readLocal(wish.local);
  const meant = resolveLocal(local, timeZone);
  if (meant.at >= now) return { kind: 'due', ...meant };
  if (now - meant.at <= PAST_TOLERANCE_MS || ifPast === 'send_now') return { kind: 'due', ...meant, at: now };
  if (ifPast === 'skip') return { kind: 'skip', localDate: meant.localDate };
  return { kind: 'due', ...nextDay(local, timeZone, now) };
}

/** The first day whose wished time of day is not past. */
function nextDay(local: LocalMs, timeZone: string, now: number): ResolvedWish {
  let days = Math.max(1, Math.floor((now - instantOf(local, timeZone)) / DAY));
  for (;;) {
    const day = resolveLocal((local + days * DAY) as LocalMs, timeZone);
    if (day.at >= now) return day;
    days += 1; // days have 23 to 25 hours
  }
}

function readLocal(text: string): LocalMs {
  const parsed = parseLocal(text);
  if (parsed.kind === 'bad') throw new Error('a wish that nobody checked');
  return parsed.local;
}
