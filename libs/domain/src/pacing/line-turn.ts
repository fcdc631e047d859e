import { allowance, type Meter } from '../limits/meter.js';
import type { LimitScope } from '../limits/scope.js';
import type { Usage } from '../limits/usage.js';
import { slots, type Slots } from './pacing.js';

/** A rule of a limit that a whole line is under, with what was used of it. */
export interface Gauge {
  readonly scope: LimitScope;
  readonly meter: Meter;
  readonly usage: Usage;
}

/** When a line may send: the next instant inside all its windows, from this one on. */
export type NextOpening = (ms: number) => number;

export interface LineWait {
  readonly reason: 'limit' | 'delay' | 'window';
  readonly scope: LimitScope | null;
  readonly max: number | null;
  readonly windowSeconds: number | null;
  readonly used: number | null;
  readonly untilMs: number;
}

export interface LineState {
  /** Between two, where it is spread evenly; else 0. */
  readonly everyMs: number;
  readonly pacedMs: number | null;
  readonly nextOpening: NextOpening;
  readonly gauges: readonly Gauge[];
}

export interface LineTurn {
  /** How many may go now; Infinity: nothing holds the line back. */
  readonly count: number;
  readonly slots: Slots;
  /** When one may go; now, where any may. */
  readonly nextMs: number;
  /** What holds it back, what binds longest first; empty where any may go. */
  readonly waits: readonly LineWait[];
}

/** How many of a line may go now, else when and why. What the claim asks and what the planner asks is this. */
export function lineTurn(line: LineState, nowMs: number): LineTurn {
  const pace = slots(line.everyMs, line.pacedMs, nowMs);
  const waits = windowWait(line, nowMs).concat(paceWait(pace, nowMs));
  let count = pace.count;
  for (const { scope, meter, usage } of line.gauges) {
    const { free, used, nextFreeMs } = allowance(meter, usage, nowMs);
    count = Math.min(count, free);
    if (nextFreeMs === null) continue;
    const { mode, max, windowSeconds } = meter.rule;
    waits.push({ reason: mode === 'delay' ? 'delay' : 'limit', scope, max, windowSeconds, used, untilMs: nextFreeMs });
  }
  if (waits.length > 1) waits.sort((one, other) => other.untilMs - one.untilMs);
  const [binding] = waits;
  if (!binding) return { count, slots: pace, nextMs: nowMs, waits };
  return { count: 0, slots: pace, nextMs: line.nextOpening(binding.untilMs), waits };
}

function windowWait({ nextOpening }: LineState, nowMs: number): LineWait[] {
  const untilMs = nextOpening(nowMs);
  return untilMs > nowMs ? [plainWait('window', untilMs)] : [];
}

const paceWait = ({ count, firstMs }: Slots, nowMs: number): LineWait[] =>
  count === 0 && firstMs > nowMs ? [plainWait('delay', firstMs)] : [];

/** Written out: a plan makes millions, and a spread costs ten times as much. */
const plainWait = (reason: LineWait['reason'], untilMs: number): LineWait => ({
  reason,
  scope: null,
  max: null,
  windowSeconds: null,
  used: null,
  untilMs,
});
