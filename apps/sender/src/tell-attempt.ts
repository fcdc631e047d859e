import { domainGroup, PROVIDER_DOWN, publicId } from '#domain';
import type { ClaimedDelivery, SettleAsk } from '#storage';
import type { Facts, Logger } from '#telemetry';

/** One line and one count for every attempt, with ids and without addresses. */
export class TellAttempt {
  constructor(
    private readonly log: Logger,
    private readonly facts: Facts,
  ) {}

  /** Told where it was moved; of a cancelled campaign there are as many as were claimed. */
  refused(delivery: ClaimedDelivery): void {
    this.log.debug(idsOf(delivery), 'delivery refused by the gate: it was cancelled, edited or reclaimed');
  }

  suppressed(delivery: ClaimedDelivery): void {
    this.facts.deliveriesSuppressed(1);
    this.log.info(idsOf(delivery), 'delivery suppressed: its recipient gets nothing more');
  }

  /** @param moved false: somebody else had moved the delivery meanwhile */
  ended(delivery: ClaimedDelivery, ask: SettleAsk, moved: boolean): void {
    const { attempt, outcome, status, reply, error } = ask;
    if (moved && ask.deadLetter) this.facts.deadLetterAdded('delivery', ask.deadLetter.reason);
    if (outcome === null) {
      if (status === 'scheduled') this.facts.deliveriesParked(1);
    } else {
      this.facts.attemptEnded({
        lane: delivery.lane,
        outcome,
        status,
        seconds: ask.tookMs / 1000,
        lateSeconds: delivery.lateMs / 1000,
      });
    }
    if (ask.isHardBounce && moved) this.facts.recipientSuppressed();
    if (ask.reason === 'policy_block') this.facts.policyBlocked(domainGroup(delivery.address));
    if (outcome === 'unknown') this.facts.deliveriesAmbiguous(1);
    const isAlarming = outcome === 'unknown' || outcome === 'provider_fault' || ask.reason === 'policy_block';
    const level = isAlarming ? 'warn' : 'info';
    const details = { attempt, outcome: outcome ?? undefined, code: reply?.code, error: error ?? undefined };
    this.log[level]({ ...idsOf(delivery), ...details }, moved ? words(ask) : 'delivery was moved by somebody else');
  }
}

function words({ status, reason, delaySeconds, holdSeconds }: SettleAsk): string {
  if (reason === PROVIDER_DOWN) return `delivery waits for its provider, ${Math.round(delaySeconds)} s`;
  if (status === 'scheduled') return `delivery will be tried again in ${Math.round(delaySeconds)} s`;
  if (status === 'sending') return `delivery is ambiguous: held for ${Math.round(holdSeconds)} s, then sent once more`;
  if (status === 'unknown') return 'delivery is ambiguous: nobody will send it again';
  return `delivery ${status}`;
}

const idsOf = ({ id, emailId, epoch }: ClaimedDelivery) => ({
  deliveryId: publicId('delivery', id),
  emailId: publicId('email', emailId),
  epoch,
});
