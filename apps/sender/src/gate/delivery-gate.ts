import { type ProviderId, publicId } from '#domain';
import type { Gate } from '#couriers';
import type { ClaimedDelivery } from '#storage';
import type { Logger } from '#telemetry';
import type { Armer } from './armer.js';
import { SenderLease } from './sender-lease.js';

/** The gate of one attempt: asked once, when the whole body but the final dot is on the wire. */
export class DeliveryGate implements Gate {
  /** What the database counted, this attempt included; undefined while it was not armed. */
  armedAttempt: number | undefined;
  /** Whether the database may have armed it: an answer that was lost counts as yes. */
  mayBeArmed = false;

  constructor(
    private readonly armer: Armer,
    private readonly delivery: ClaimedDelivery,
    private readonly providerId: ProviderId,
    private readonly log: Logger,
  ) {}

  async arm(): Promise<'armed' | 'refused' | 'expired'> {
    const lease = new SenderLease();
    const { tenantId, id, epoch, contentVersion } = this.delivery;
    try {
      const armed = await this.armer.ask({ tenantId, id, epoch, contentVersion, providerId: this.providerId });
      if (!armed) return 'refused';
      this.armedAttempt = armed.attempt;
      this.mayBeArmed = true;
    } catch (error) {
      this.mayBeArmed = true;
      this.log.warn(
        { err: error, deliveryId: publicId('delivery', id), epoch },
        'the gate did not answer; the message is withheld',
      );
      return 'expired';
    }
    return lease.isOver() ? 'expired' : 'armed';
  }
}
