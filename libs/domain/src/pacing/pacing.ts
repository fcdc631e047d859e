import { GRANT_SLACK_MS, type LimitRule, USAGE_GRAIN_MS } from '../limits/rule.js';

/** How fast a campaign may go. */
export interface Pacing {
  /** At least so long between two of its recipients. */
  readonly delaySeconds: number;
  /** At most so many in any hour; null: as many as other limits let go. */
  readonly hourlyLimit: number | null;
  /** `even` spreads them over the hour, `burst` sends as soon as the hour has room. */
  readonly spread: 'even' | 'burst';
  /** Its part of what campaigns share. */
  readonly weight: number;
}

const HOUR_SECONDS = 3_600;
/** A line that is looked at late by up to this makes it up; longer idleness never becomes a burst. */
const LATE_MS = 5_000;

/** The rules of the limit `campaign:<id>` that a campaign makes for itself; none: it needs no limit. */
export function campaignRules({
  delaySeconds,
  hourlyLimit,
}: Pick<Pacing, 'delaySeconds' | 'hourlyLimit'> & Partial<Pacing>): readonly LimitRule[] {
  const rule = { timeZone: null, burst: null };
  return [
    ...(hourlyLimit === null
      ? []
      : [{ ...rule, max: hourlyLimit, windowSeconds: HOUR_SECONDS, mode: 'rolling' as const }]),
    ...(delaySeconds === 0 ? [] : [{ ...rule, max: 1, windowSeconds: delaySeconds, mode: 'delay' as const }]),
  ];
}

/** Between two of an evenly spread campaign; 0: no spreading. It fills its hourly limit as the limit is counted. */
export const paceMs = ({ hourlyLimit, spread }: Pick<Pacing, 'hourlyLimit' | 'spread'>): number =>
  hourlyLimit === null || spread === 'burst'
    ? 0
    : (HOUR_SECONDS * 1000 + GRANT_SLACK_MS + USAGE_GRAIN_MS) / hourlyLimit;

export interface Slots {
  /** How many instants of the pace have come; Infinity where there is no pace. */
  readonly count: number;
  /** The first of them, or the next one to come. */
  readonly firstMs: number;
}

/** Whose turn has come in an even pace. @param pacedMs the instant that the last one was meant for; null: there was none */
export function slots(everyMs: number, pacedMs: number | null, nowMs: number): Slots {
  if (everyMs === 0) return { count: Infinity, firstMs: nowMs };
  const firstMs = pacedMs === null ? nowMs : Math.max(pacedMs + everyMs, nowMs - LATE_MS);
  return { count: firstMs > nowMs ? 0 : 1 + Math.floor((nowMs - firstMs) / everyMs), firstMs };
}

/** The instant that the last of so many was meant for. */
export const pacedAfter = ({ firstMs }: Slots, everyMs: number, taken: number): number =>
  firstMs + (taken - 1) * everyMs;
