import { type EmailId, messageId, publicId } from '#domain';
import { type MessageComposer, prepareMessage } from '#content';
import type { ClaimedDelivery } from '#storage';

/** What is kept of composed emails: so many, or so many characters of bodies, whichever is less. */
const KEEP = { emails: 200, bodyLength: 8 * 1_048_576 } as const;

/** Composes deliveries. What the copies of one email share is composed once. */
export class MessageRenderer {
  private readonly composers = new Map<`${EmailId} ${number}`, MessageComposer>();
  private bodyLength = 0;

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
    this.forgetIfFull();
    this.composers.set(key, composer);
    this.bodyLength += (delivery.text?.length ?? 0) + (delivery.html?.length ?? 0);
    return composer;
  }

  /** All at once: copies of one email come together, so what was composed long ago is hardly asked for again. */
  private forgetIfFull(): void {
    if (this.composers.size < KEEP.emails && this.bodyLength < KEEP.bodyLength) return;
    this.composers.clear();
    this.bodyLength = 0;
  }
}
