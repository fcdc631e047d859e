import { formatScope, type LimitScope, type LineWait, type Plan } from '#domain';
import type { RejectedRow } from '#storage';

export interface PlannedAudience {
  readonly plan: Plan;
  /** Of the items of the plan. */
  readonly addresses: readonly string[];
  readonly suppressed: number;
  /** Their local time has passed. */
  readonly skipped: number;
  readonly merged: number;
  readonly badTimeZones: number;
  /** Of a campaign that repeats; the first is the one that is planned. Milliseconds since 1970. */
  readonly runs: readonly number[];
  readonly rejected: readonly RejectedRow[];
  /** Limits that the plan does not follow. */
  readonly leftOut: readonly LimitScope[];
}

/** A plan as the API shows it (interface 3.3). */
export const planView = ({
  plan,
  addresses,
  suppressed,
  skipped,
  merged,
  badTimeZones,
  runs,
  rejected,
  leftOut,
}: PlannedAudience) => ({
  object: 'plan' as const,
  total: plan.total + suppressed + skipped,
  firstAt: instant(plan.firstAtMs),
  lastAt: instant(plan.lastAtMs),
  suppressed,
  skipped,
  merged,
  badTimeZones,
  nextRuns: runs.map(isoOf),
  rejected: rejected.map(({ row, value, code }) => ({ row, value, code })),
  limitsLeftOut: leftOut.map(formatScope),
  bucketSeconds: plan.bucketMs / 1000,
  buckets: plan.buckets.map(({ fromMs, toMs, count }) => ({ from: isoOf(fromMs), to: isoOf(toMs), count })),
  items: plan.items.flatMap(({ atMs, waits }, i) => {
    const to = addresses[i];
    return to === undefined ? [] : [{ to, at: isoOf(atMs), waitingFor: waits.map(waitView) }];
  }),
});

export type PlanView = ReturnType<typeof planView>;

const waitView = ({ reason, scope, max, windowSeconds, used, untilMs }: LineWait) => ({
  reason,
  scope: scope === null || scope === UNBORN ? null : formatScope(scope),
  max,
  windowSeconds,
  used,
  until: isoOf(untilMs),
});

/** The limit of a campaign that is only planned has no name yet. */
const UNBORN = 'campaign:';

const isoOf = (ms: number): string => new Date(Math.ceil(ms)).toISOString();
const instant = (ms: number | null): string | null => (ms === null ? null : isoOf(ms));
