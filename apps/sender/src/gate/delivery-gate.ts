import { type ProviderId, publicId } from '#domain';
import type { Gate } from '#couriers';
import type { ClaimedDelivery } from '#storage';
import type { Logger } from '#telemetry';
import type { Armer } from './armer.js';
import { rateSlot } from './rate-slot.js';
import type { SenderLease } from './sender-lease.js';

/** The gate of one attempt: asked once, when the whole body but the final dot is on the wire. */
export class DeliveryGate implements Gate {
  /** What the database counted, this attempt included; undefined while it was not armed. */
  armedAttempt: number | undefined;
  /** Whether the database may have armed it: an answer that was lost counts as yes. */
  mayBeArmed = false;
  /** Its rates give nothing for so long: it was not asked for, and is to go back until then. */
  backInMs: number | undefined;

  constructor(
    private readonly armer: Armer,
    private readonly delivery: ClaimedDelivery,
    private readonly providerId: ProviderId,
    private readonly log: Logger,
  ) {}

  async arm(): Promise<'armed' | 'refused' | 'expired'> {
    const slot = await this.slot();
    if (slot === 'refused') return slot;
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
    return slot.isOver() ? 'expired' : 'armed';
  }

  /** The lease under which it may go. A gate that cannot be asked refuses: nothing was armed. */
  private async slot(): Promise<SenderLease | 'refused'> {
    try {
      const slot = await rateSlot(this.armer, this.delivery);
      if (slot.kind === 'open') return slot.lease;
      this.backInMs = slot.ms;
    } catch (error) {
      const { id, epoch } = this.delivery;
      this.log.warn({ err: error, deliveryId: publicId('delivery', id), epoch }, 'the rates cannot be asked for');
      this.backInMs = 0;
    }
    return 'refused';
  }
}
