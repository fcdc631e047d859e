import { publicId } from '#domain';
import type { ClaimedDelivery, SettleAsk } from '#storage';
import type { Facts, Logger } from '#telemetry';

/** One line and one count for every attempt, with ids and without addresses. */
export class TellAttempt {
  constructor(
    private readonly log: Logger,
    private readonly facts: Facts,
  ) {}

  refused(delivery: ClaimedDelivery): void {
    this.log.info(idsOf(delivery), 'delivery refused by the gate: it was cancelled, edited or reclaimed');
  }

  /** @param moved false: somebody else had moved the delivery meanwhile */
  ended(delivery: ClaimedDelivery, ask: SettleAsk, moved: boolean): void {
    const { attempt, outcome, status, reply, error } = ask;
    this.facts.attemptEnded({
      lane: delivery.lane,
      outcome,
      status,
      seconds: ask.tookMs / 1000,
      lateSeconds: delivery.lateMs / 1000,
    });
    if (outcome === 'unknown') this.facts.deliveriesAmbiguous(1);
    const level = outcome === 'unknown' || outcome === 'provider_fault' ? 'warn' : 'info';
    const details = { attempt, outcome, code: reply?.code, error: error ?? undefined };
    this.log[level]({ ...idsOf(delivery), ...details }, moved ? words(ask) : 'delivery was moved by somebody else');
  }
}

function words({ status, delaySeconds, holdSeconds }: SettleAsk): string {
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
