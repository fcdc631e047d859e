import { type DeliveryStatus, isFinal } from './delivery-status.js';
import { PROVIDER_DOWN } from './outcome.js';

/** Why a delivery has not been sent yet. The list grows with limits, windows and ramps. */
export const WAIT_REASONS = [
  'pause',
  'missed',
  'not_due',
  'retry_backoff',
  'provider_down',
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
  /** Beside `scheduled`: `provider_down`, or `missed` where a person has to decide. */
  readonly reason: string | null;
}

export interface Explanation {
  /** From when on it may be sent, as far as anybody knows; past: it only waits its turn. null: nobody knows, or it is finished. */
  readonly nextEligibleAt: Date | null;
  /** The binding cause first; empty when it is finished. */
  readonly waitingFor: readonly Wait[];
}

/** Explains why a delivery has not been sent yet (interface 3.2). */
export function explainDelivery(delivery: WaitingDelivery, now: Date): Explanation {
  if (isFinal(delivery.status)) return { nextEligibleAt: null, waitingFor: [] };
  const waits = waitsOf(delivery, now).toSorted(bindingFirst);
  return { nextEligibleAt: waits.some(isOpenEnded) ? null : lastEnd(waits, delivery.dueAt), waitingFor: waits };
}

function waitsOf(delivery: WaitingDelivery, now: Date): Wait[] {
  const { status, holdUntil, isPaused } = delivery;
  const pause: Wait[] = isPaused ? [{ reason: 'pause', until: null }] : [];
  if (status === 'sending') {
    if (holdUntil === null) return [{ reason: 'in_flight', until: null }];
    return [...pause, { reason: 'hold', until: holdUntil }];
  }
  const waits = [...pause, ...(status === 'scheduled' ? timesOf(delivery, now) : [])];
  return waits.length > 0 ? waits : [{ reason: 'queued', until: null }];
}

function timesOf({ eligibleAt, dueAt, reason }: WaitingDelivery, now: Date): Wait[] {
  if (reason === 'missed') return [{ reason: 'missed', until: null }];
  if (dueAt <= now) return [];
  if (reason === PROVIDER_DOWN) return [{ reason: 'provider_down', until: dueAt }];
  return [{ reason: dueAt > eligibleAt ? 'retry_backoff' : 'not_due', until: dueAt }];
}

/** What ends last binds; what has no known end, most of all. */
const bindingFirst = (one: Wait, other: Wait): number => endOf(other) - endOf(one) || rank(one) - rank(other);
const endOf = ({ until }: Wait): number => until?.getTime() ?? Number.MAX_SAFE_INTEGER;
const rank = ({ reason }: Wait): number => WAIT_REASONS.indexOf(reason);

/** Waiting one's turn is no obstacle of its own. */
const isOpenEnded = ({ reason, until }: Wait): boolean => until === null && reason !== 'queued';

const lastEnd = (waits: readonly Wait[], dueAt: Date): Date => waits[0]?.until ?? dueAt;
