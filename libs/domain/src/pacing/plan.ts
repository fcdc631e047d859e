import { USAGE_GRAIN_MS } from '../limits/rule.js';
import { type LineState, lineTurn, type LineWait } from './line-turn.js';
import { pacedAfter } from './pacing.js';
import { type Plan, PlanNotes } from './plan-notes.js';

/** The poller looks at a line that still has something to send no sooner than this. */
export const LOOK_MS = 250;
/** Where a plan ends that would go on for ever: no instant of ours lies behind it. */
const END_MS = Date.UTC(2100, 0, 1);

/** Turns of a step: some milliseconds. */
const STEP = 2_000;
/** A day may have an hour more, and a grant may be used a little later than it is dated. */
const SLACK_MS = 7_200_000;

export interface PlanRequest extends LineState {
  /** How many recipients, or the instants before which each of them may not be sent, ascending. */
  readonly recipients: number | ArrayLike<number>;
  readonly startMs: number;
  /** How many instants to name. */
  readonly items: number;
}

/**
 * When each recipient of a line is sent to, if nothing else comes between. It plays the claim forward, turn by turn, with
 * the claim's own rules. The usage of the gauges is consumed.
 */
export function plan(request: PlanRequest): Plan {
  const steps = planSteps(request);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same bit by bit: a million turns take seconds, and others want to be served meanwhile. */
export function* planSteps(request: PlanRequest): Generator<undefined, Plan> {
  const notes = new PlanNotes(request.items);
  const audience = audienceOf(request.recipients);
  const usages = new Set(request.gauges.map(({ usage }) => usage));
  const line: LineState & { pacedMs: number | null } = { ...request };
  const countedMs = countedOf(request);
  let [sent, nowMs] = [0, request.startMs];
  let waits: readonly LineWait[] = [];
  for (let turns = 1; sent < audience.total && nowMs < END_MS; turns += 1) {
    if (turns % STEP === 0) yield undefined;
    nowMs = Math.max(nowMs, audience.dueOf(sent));
    const turn = lineTurn(line, nowMs);
    if (turn.waits.length > 0) {
      nowMs = turn.nextMs;
      waits = turn.waits;
      continue;
    }
    const taken = Math.min(turn.count, audience.dueBy(nowMs) - sent);
    notes.sent(nowMs, taken, waits);
    for (const usage of usages) {
      usage.add(Math.floor(nowMs / USAGE_GRAIN_MS) * USAGE_GRAIN_MS, taken);
      usage.forget(nowMs - countedMs);
    }
    line.pacedMs = pacedAfter(turn.slots, request.everyMs, taken);
    sent += taken;
    waits = [];
    nowMs += LOOK_MS;
  }
  return notes.plan(audience.total, sent === audience.total);
}

/** How far back the rules look. */
const countedOf = ({ gauges }: PlanRequest): number =>
  Math.max(0, ...gauges.map(({ meter }) => meter.rule.windowSeconds * 1000)) + SLACK_MS;

interface Audience {
  readonly total: number;
  /** Not before this may the one after so many be sent to. */
  readonly dueOf: (sent: number) => number;
  /** How many may be sent to by now. */
  readonly dueBy: (nowMs: number) => number;
}

function audienceOf(recipients: PlanRequest['recipients']): Audience {
  if (typeof recipients === 'number') return { total: recipients, dueOf: () => -Infinity, dueBy: () => recipients };
  const { length: total } = recipients;
  let due = 0; // time only goes forward
  return {
    total,
    dueOf: (sent) => recipients[sent] ?? -Infinity,
    dueBy: (nowMs) => {
      while (due < total && (recipients[due] ?? 0) <= nowMs) due += 1;
      return due;
    },
  };
}
