import { allowance, claimMeters, formatScope, gateMeter, isRate, type LimitRule, type Usage } from '#domain';
import type { LimitRow } from '#storage';

/** What was used of a limit, as its two judges count it. */
export interface LimitUse {
  /** By rules of more than a minute. */
  readonly granted: Usage;
  /** By rates. */
  readonly rates: Usage;
}

/** A limit as the API shows it (interface 3.5). @param use undefined: there is no one use of it, each recipient has its own */
export const limitView = (row: LimitRow, use: LimitUse | undefined) => ({
  object: 'limit' as const,
  scope: formatScope(row.scope),
  rules: shownRules(row.rules).map((rule) => ({ ...rule, ...(use ? useOf(rule, use, row.now.getTime()) : UNKNOWN) })),
  version: row.version,
});

export type LimitView = ReturnType<typeof limitView>;

/** The delay between two recipients is part of a campaign's pacing and shown there. */
const shownRules = (rules: readonly LimitRule[]) =>
  rules.flatMap(({ max, windowSeconds, mode, timeZone, burst }) =>
    mode === 'delay' ? [] : [{ max, windowSeconds, mode, timeZone, burst }],
  );

/** Whether there is anything to show of a limit. */
export const isShown = (row: LimitRow): boolean => shownRules(row.rules).length > 0;

const UNKNOWN = { used: null, remaining: null, nextFreeAt: null };

function useOf(rule: LimitRule, { granted, rates }: LimitUse, nowMs: number) {
  const meters = isRate(rule) ? [gateMeter(rule)] : claimMeters(rule);
  const allowances = meters.map((meter) => allowance(meter, isRate(rule) ? rates : granted, nowMs));
  const used = allowances[0]?.used ?? 0;
  const nextFreeMs = Math.max(...allowances.map((one) => one.nextFreeMs ?? 0));
  return {
    used,
    remaining: Math.max(0, rule.max - used),
    nextFreeAt: nextFreeMs > 0 ? new Date(nextFreeMs).toISOString() : null,
  };
}
