import { calendarWindows } from './calendar-window.js';
import { GRANT_SLACK_MS, isRate, type LimitRule, RATE_GRAIN_MS, RATE_SLACK_MS, USAGE_GRAIN_MS } from './rule.js';
import type { Usage } from './usage.js';

/** How a rule counts at one place. */
export interface Meter {
  readonly rule: LimitRule;
  readonly max: number;
  /** What is dated after this counts at an instant. */
  readonly since: (nowMs: number) => number;
  /** From when on a use of this date counts no more. */
  readonly freesAt: (usedAtMs: number) => number;
}

export interface Allowance {
  /** How many may go now. */
  readonly free: number;
  readonly used: number;
  /** When one may go again; null: now. */
  readonly nextFreeMs: number | null;
}

/** Shorter stretches than this cannot be measured by whole seconds. */
const SHORTEST_PACE_MS = 5_000;
/** Of this many on, one more or less in a stretch makes no difference. */
const MANY = 10;

/** What may go now under one meter. */
export function allowance(meter: Meter, usage: Usage, nowMs: number): Allowance {
  const used = usage.after(meter.since(nowMs));
  const free = Math.max(0, meter.max - used);
  if (free > 0) return { free, used, nextFreeMs: null };
  const last = usage.lastOfFull(meter.max);
  return { free, used, nextFreeMs: last === undefined ? null : Math.max(meter.freesAt(last), nowMs + 1) };
}

/**
 * How the claim measures a rule. Above a minute it is the judge: no grant beyond the rule, whatever becomes of those
 * before. A rate is only followed, so that senders have what the gate will let through; there it is judged.
 * @param reserve the part that is kept for others
 */
export function claimMeters(rule: LimitRule, reserve = 0): readonly Meter[] {
  if (isRate(rule)) return [paceMeter(rule)];
  const max = Math.ceil(rule.max * (1 - reserve));
  const meter = windowMeter(rule, max, GRANT_SLACK_MS + USAGE_GRAIN_MS);
  return rule.burst !== null && rule.burst < max ? [meter, burstMeter(rule, rule.burst)] : [meter];
}

/** How the gate measures a rate. The same is in SQL (charge_rates): there it is done. */
export const gateMeter = (rule: LimitRule): Meter => rolling(rule, rule.max, gateWindowMs(rule));

/** As long as the gate counts a use of a rate. */
export const gateWindowMs = ({ windowSeconds }: Pick<LimitRule, 'windowSeconds'>): number =>
  windowSeconds * 1000 + RATE_SLACK_MS + RATE_GRAIN_MS;

function windowMeter(rule: LimitRule, max: number, slackMs: number): Meter {
  if (rule.mode !== 'calendar') return rolling(rule, max, rule.windowSeconds * 1000 + slackMs);
  const windows = calendarWindows(rule.windowSeconds, rule.timeZone ?? 'UTC');
  return {
    rule,
    max,
    since: (nowMs) => windows.at(nowMs).fromMs - slackMs,
    freesAt: (usedAtMs) => windows.at(usedAtMs + slackMs).toMs,
  };
}

/** In the time in which the rule gives `burst` by itself, no more go; what is too short to be measured by whole seconds is drawn out. */
function burstMeter(rule: LimitRule, burst: number): Meter {
  const givenMs = (rule.windowSeconds * 1000 * burst) / rule.max;
  const countedMs = Math.max(Math.ceil(givenMs / 1000) * 1000, SHORTEST_PACE_MS);
  return rolling(rule, Math.max(burst, Math.ceil((burst * countedMs) / givenMs)), countedMs);
}

/** As many in a stretch of whole seconds as the gate lets through in it. */
function paceMeter(rule: LimitRule): Meter {
  const gateMs = gateWindowMs(rule);
  const paceMs = Math.max(Math.ceil(gateMs / 1000) * 1000, SHORTEST_PACE_MS);
  const fits = (rule.max * paceMs) / gateMs;
  const isCoarse = rule.max >= MANY || paceMs === SHORTEST_PACE_MS;
  return rolling(rule, Math.max(1, isCoarse ? Math.ceil(fits) : Math.floor(fits)), paceMs);
}

const rolling = (rule: LimitRule, max: number, countedMs: number): Meter => ({
  rule,
  max,
  since: (nowMs) => nowMs - countedMs,
  freesAt: (usedAtMs) => usedAtMs + countedMs,
});
