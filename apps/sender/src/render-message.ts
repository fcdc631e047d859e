import { type EmailId, messageId, publicId } from '#domain';
import { type MessageComposer, prepareMessage } from '#content';
import type { ClaimedDelivery } from '#storage';

const KEEP = 200;

/** Composes deliveries. What the copies of one email share is composed once. */
export class MessageRenderer {
  private readonly composers = new Map<`${EmailId} ${number}`, MessageComposer>();

  /** The whole message of one delivery. Throws when the email cannot be composed: that is this delivery's failure. */
  render(delivery: ClaimedDelivery): Buffer {
    const isShared = delivery.visibility === 'shared';
    return this.composer(delivery).forDelivery({
      deliveryId: publicId('delivery', delivery.id),
      messageId: messageId(isShared ? 'email' : 'delivery', isShared ? delivery.emailId : delivery.id, delivery.from),
      to: isShared ? delivery.to : [delivery.mailbox],
      cc: isShared ? delivery.cc : [],
    });
  }

  private composer(delivery: ClaimedDelivery): MessageComposer {
    const key = `${delivery.emailId} ${delivery.contentVersion}` as const;
    const known = this.composers.get(key);
    if (known) return known;
    const composer = prepareMessage({
      from: delivery.from,
      replyTo: delivery.replyTo,
      subject: delivery.subject,
      text: delivery.text,
      html: delivery.html,
      date: new Date(delivery.dueMs),
      boundarySeed: delivery.emailId,
    });
    if (this.composers.size >= KEEP) this.composers.delete(this.composers.keys().next().value ?? key);
    this.composers.set(key, composer);
    return composer;
  }
}
