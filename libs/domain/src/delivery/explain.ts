import { type DeliveryStatus, isFinal } from './delivery-status.js';
import type { LimitScope } from '../limits/scope.js';
import type { LineTurn, LineWait } from '../pacing/line-turn.js';
import { PROVIDER_DOWN, SLOW_RENDERING } from './outcome.js';

/** Why a delivery has not been sent yet. The list grows with ramps. */
export const WAIT_REASONS = [
  'pause',
  'missed',
  'limit',
  'delay',
  'window',
  'not_due',
  'retry_backoff',
  'provider_down',
  'slow_rendering',
  'hold',
  'queued',
  'in_flight',
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** One thing that a delivery waits for. */
export interface Wait {
  readonly reason: WaitReason;
  /** Until when at least; null: until a person or a server does something. */
  readonly until: Date | null;
  /** Of a limit that is used up. */
  readonly limit?: Used;
}

interface Used {
  readonly scope: LimitScope;
  readonly max: number;
  readonly windowSeconds: number;
  readonly used: number;
}

/** What is known of a delivery that may be waiting. */
export interface WaitingDelivery {
  readonly status: DeliveryStatus;
  /** When its user wanted it. */
  readonly eligibleAt: Date;
  /** When it is tried next; later than `eligibleAt` where an attempt or its provider failed. */
  readonly dueAt: Date;
  /** While it is ambiguous: when it is sent once more. */
  readonly holdUntil: Date | null;
  /** Its email is paused. */
  readonly isPaused: boolean;
  /**
   * Beside `scheduled`: `provider_down`, `slow_rendering`, or `missed` where a person has to decide; `limit` or `window` where it let others
   * pass until it is due.
   */
  readonly reason: string | null;
}

/** What limits, pacing and windows say of an instant: what the claim will ask then. */
export type TurnAt = (ms: number) => Pick<LineTurn, 'nextMs' | 'waits'>;

const FREE: TurnAt = (ms) => ({ nextMs: ms, waits: [] });

export interface Explanation {
  /** From when on it may be sent, as far as anybody knows; past: it only waits its turn. null: nobody knows, or it is finished. */
  readonly nextEligibleAt: Date | null;
  /** The binding cause first; empty when it is finished. */
  readonly waitingFor: readonly Wait[];
}

/** Explains why a delivery has not been sent yet (interface 3.2). */
export function explainDelivery(delivery: WaitingDelivery, now: Date, turnAt: TurnAt = FREE): Explanation {
  if (isFinal(delivery.status)) return { nextEligibleAt: null, waitingFor: [] };
  const turn = delivery.status === 'scheduled' ? turnAt(askedAt(delivery, now)) : FREE(0);
  const waits = waitsOf(delivery, now, turn.waits).toSorted(bindingFirst);
  const opens = turn.waits.length > 0 ? turn.nextMs : 0;
  return { nextEligibleAt: waits.some(isOpenEnded) ? null : lastEnd(waits, delivery.dueAt, opens), waitingFor: waits };
}

/** A limit is asked when its time has come; what lets others pass because of one is asked why. */
function askedAt(delivery: WaitingDelivery, now: Date): number {
  return isDeferred(delivery) ? now.getTime() : Math.max(now.getTime(), delivery.dueAt.getTime());
}

const isDeferred = ({ reason }: Pick<WaitingDelivery, 'reason'>): boolean => reason === 'limit' || reason === 'window';

function waitsOf(delivery: WaitingDelivery, now: Date, ofLine: readonly LineWait[]): Wait[] {
  const { status, holdUntil, isPaused } = delivery;
  const pause: Wait[] = isPaused ? [{ reason: 'pause', until: null }] : [];
  if (status === 'sending') {
    if (holdUntil === null) return [{ reason: 'in_flight', until: null }];
    return [...pause, { reason: 'hold', until: holdUntil }];
  }
  const waits = [...pause, ...(status === 'scheduled' ? timesOf(delivery, now, ofLine) : [])];
  return waits.length > 0 ? waits : [{ reason: 'queued', until: null }];
}

function timesOf({ eligibleAt, dueAt, reason }: WaitingDelivery, now: Date, ofLine: readonly LineWait[]): Wait[] {
  if (reason === 'missed') return [{ reason: 'missed', until: null }];
  const waits = ofLine.map(waitOf);
  if (dueAt <= now) return waits;
  if (reason === 'limit' || reason === 'window') return untilAtLeast(waits, reason, dueAt);
  if (reason === PROVIDER_DOWN || reason === SLOW_RENDERING) return [{ reason, until: dueAt }, ...waits];
  return [{ reason: dueAt > eligibleAt ? 'retry_backoff' : 'not_due', until: dueAt }, ...waits];
}

/** Nobody looks at a copy before it is due again, whatever the limit that it let others pass for gives until then. */
function untilAtLeast(waits: readonly Wait[], reason: 'limit' | 'window', dueAt: Date): Wait[] {
  const at = waits.findIndex((wait) => wait.reason === reason);
  const named = waits[at];
  if (!named) return [{ reason, until: dueAt }, ...waits];
  return waits.with(at, { ...named, until: named.until && named.until > dueAt ? named.until : dueAt });
}

function waitOf({ reason, scope, max, windowSeconds, used, untilMs }: LineWait): Wait {
  const until = new Date(Math.ceil(untilMs));
  if (scope === null || max === null || windowSeconds === null || used === null) return { reason, until };
  return { reason, until, limit: { scope, max, windowSeconds, used } };
}

/** What ends last binds; what has no known end, most of all. */
const bindingFirst = (one: Wait, other: Wait): number => endOf(other) - endOf(one) || rank(one) - rank(other);
const endOf = ({ until }: Wait): number => until?.getTime() ?? Number.MAX_SAFE_INTEGER;
const rank = ({ reason }: Wait): number => WAIT_REASONS.indexOf(reason);

/** Waiting one's turn is no obstacle of its own. */
const isOpenEnded = ({ reason, until }: Wait): boolean => until === null && reason !== 'queued';

/** Where a limit gives again while a window is shut, that is not the end. @param opensMs when all of them let it go */
function lastEnd(waits: readonly Wait[], dueAt: Date, opensMs: number): Date {
  const end = waits[0]?.until ?? dueAt;
  return opensMs > end.getTime() ? new Date(Math.ceil(opensMs)) : end;
}
