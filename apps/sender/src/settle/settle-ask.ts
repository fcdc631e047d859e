import {
  decideSettlement,
  isDeadLetter,
  isHardBounce,
  isMadeUp,
  PROVIDER_DOWN,
  type ProviderId,
  type Reply,
  type Settlement,
  type SettleTimings,
} from '#domain';
import { deliveryFailedV1, deliveryRetryingV1, deliverySentV1, deliveryUnknownV1 } from '#events';
import type { Attempt } from '#couriers';
import {
  type ClaimedDelivery,
  type DeadLetter,
  deadLetter,
  deliveryFact,
  errorWords,
  type EventAbout,
  type OutboxEvent,
  outboxEvent,
  type SettleAsk,
} from '#storage';
import { secondsIntoWindows } from './into-windows.js';

export interface EndedAttempt {
  readonly attempt: Attempt;
  readonly providerId: ProviderId | null;
  /** Whether the database had (or may have) armed it. */
  readonly armed: boolean;
  /** As counted by the database, if it was armed. */
  readonly armedAttempt: number | undefined;
  readonly tookMs: number;
  /** false: there is no provider, or it is away: nothing was attempted. */
  readonly isMade: boolean;
  /** Until the provider may be tried again; null: there is none. */
  readonly providerBackSeconds: number | null;
}

/**
 * What to store of an attempt that ended; null when there is nothing: the gate had refused it.
 * @param sinceMs since the delivery was loaded
 */
export function settleAsk(
  delivery: ClaimedDelivery,
  ended: EndedAttempt,
  sinceMs: number,
  random: number,
  timings: SettleTimings,
): SettleAsk | null {
  const { outcome } = ended.attempt;
  if (outcome.kind === 'refused') return null;
  const counts = ended.isMade && outcome.kind !== 'withheld' && outcome.kind !== 'provider_fault';
  const attempt = ended.armedAttempt ?? delivery.attempt + 1;
  const budgetLeftSeconds = delivery.budgetLeftSeconds - sinceMs / 1000;
  const { onUnknown, resends } = delivery;
  const facts = { attempt, budgetLeftSeconds, onUnknown, resends, providerBackSeconds: ended.providerBackSeconds };
  const settlement = decideSettlement(outcome, facts, random, timings);
  if (settlement.kind === 'nothing') return null;
  const { attempt: times } = ended;
  const asked = 'delaySeconds' in settlement ? settlement.delaySeconds : 0;
  const delaySeconds = asked > 0 ? secondsIntoWindows(delivery, sinceMs, asked) : 0;
  return {
    tenantId: delivery.tenantId,
    id: delivery.id,
    epoch: delivery.epoch,
    emailId: delivery.emailId,
    status: STATUS[settlement.kind],
    armed: ended.armed,
    counts,
    delaySeconds,
    holdSeconds: settlement.kind === 'held' ? settlement.holdSeconds : 0,
    reason: delaySeconds > asked ? 'window' : reasonOf(settlement),
    reply: storableReply(settlement),
    providerId: ended.providerId,
    attempt,
    phase: outcome.kind === 'withheld' ? 'before_dot' : outcome.phase,
    outcome: ended.isMade ? outcome.kind : null,
    error: 'error' in settlement && settlement.error !== null ? storable(settlement.error) : null,
    tookMs: ended.tookMs,
    connectMs: times.connectMs,
    envelopeMs: times.envelopeMs,
    armMs: times.armMs,
    replyMs: times.replyMs,
    event: eventOf(delivery, ended, settlement, attempt),
    isHardBounce: isHardBounce(outcome) && !isMadeUp(delivery.address),
    deadLetter: deadLetterOf(delivery, ended, settlement, counts ? attempt : attempt - 1),
  };
}

const STATUS = {
  sent: 'sent',
  retry: 'scheduled',
  failed: 'failed',
  held: 'sending',
  unknown: 'unknown',
  given_back: 'scheduled',
  parked: 'scheduled',
} as const satisfies Record<Exclude<Settlement['kind'], 'nothing'>, SettleAsk['status']>;

/** Of final states, and of waiting for a provider; why an attempt was not the last one stands in the attempt. */
function reasonOf(settlement: Settlement): string | null {
  if (settlement.kind === 'failed') return settlement.reason;
  if (settlement.kind === 'parked') return PROVIDER_DOWN;
  return settlement.kind === 'unknown' ? 'ambiguous' : null;
}

const MAX_TEXT = 512;

/** A server may say anything. What Postgres refuses (NUL, half characters) would cost the outcome, and this process with it. */
const storable = (text: string): string => text.slice(0, MAX_TEXT).toWellFormed().replaceAll('\0', '\ufffd');

function storableReply(settlement: Settlement): Reply | null {
  const reply = replyOf(settlement);
  return reply && { ...reply, text: storable(reply.text) };
}

const replyOf = (settlement: Settlement): Reply | null => ('reply' in settlement ? settlement.reply : null);

function deadLetterOf(
  delivery: ClaimedDelivery,
  ended: EndedAttempt,
  settlement: Settlement,
  attempts: number,
): DeadLetter | null {
  if (settlement.kind !== 'failed' || !isDeadLetter(settlement.reason)) return null;
  const error = errorWords(settlement.reply, settlement.error);
  return deadLetter({
    tenantId: delivery.tenantId,
    mode: delivery.mode,
    deliveryId: delivery.id,
    emailId: delivery.emailId,
    jobId: delivery.jobId,
    reason: settlement.reason,
    attempts,
    error: error && storable(error),
    conversation: ended.attempt.conversation,
  });
}

/** A hold and a giving back are no events: the timeline shows the attempts, and the next outcome tells. */
function eventOf(
  delivery: ClaimedDelivery,
  ended: EndedAttempt,
  settlement: Settlement,
  attempt: number,
): OutboxEvent | null {
  const about: EventAbout = {
    tenantId: delivery.tenantId,
    mode: delivery.mode,
    source: 'sender',
    actor: 'system',
    emailId: delivery.emailId,
    deliveryId: delivery.id,
    version: 0, // the statement writes the delivery's
  };
  const fact = deliveryFact({
    id: delivery.id,
    emailId: delivery.emailId,
    jobId: delivery.jobId,
    ownerId: delivery.ownerId,
    address: delivery.address,
    from: ended.armed ? 'sending' : 'queued',
    attempt,
    epoch: delivery.epoch,
    providerId: ended.providerId,
    reply: replyOf(settlement),
    reason: reasonOf(settlement),
    lateMs: delivery.lateMs,
    possibleDuplicate: delivery.possibleDuplicate,
  });
  switch (settlement.kind) {
    case 'sent':
      return outboxEvent(deliverySentV1, about, { ...fact, status: 'sent' });
    case 'retry':
      return outboxEvent(deliveryRetryingV1, about, { ...fact, status: 'scheduled' });
    case 'failed':
      return outboxEvent(deliveryFailedV1, about, { ...fact, status: 'failed' });
    case 'unknown':
      return outboxEvent(deliveryUnknownV1, about, { ...fact, status: 'unknown' });
    case 'held':
    case 'given_back':
    case 'parked':
    case 'nothing':
      return null;
  }
}
