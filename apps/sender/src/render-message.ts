import { type EmailId, messageId, publicId } from '#domain';
import type { MessageAttachment } from '#content';
import type { ClaimedDelivery } from '#storage';
import { type ComposerOf, composeEmail } from './compose-email.js';
import { RenderBudget } from './render-budget.js';
import { RenderTurns } from './render-turns.js';

/** What is kept of composed emails: so many, or so many characters and bytes of content, whichever is less. */
const KEEP = { emails: 200, size: 32 * 1_048_576 } as const;

/** The bytes of a delivery's attachments, in their order; undefined: its email was edited meanwhile. */
export type LoadAttachments = (delivery: ClaimedDelivery) => Promise<readonly Buffer[] | undefined>;

/** The bytes of attachments could not be loaded now. */
export class AttachmentsAway extends Error {}

/** Copies of its email take too long to render: it waits for so long, that others get their time. */
export class SlowRendering extends Error {
  constructor(readonly restSeconds: number) {
    super('its email rests');
  }
}

interface Composed {
  /** undefined: the email was edited meanwhile. */
  readonly composer: Promise<ComposerOf | undefined>;
  readonly size: number;
}

/** Composes deliveries. What the copies of one email share is loaded and composed once. */
export class MessageRenderer {
  /** What was used last comes last. */
  private readonly composed = new Map<`${EmailId} ${number}`, Composed>();
  private size = 0;
  private readonly turns = new RenderTurns();

  constructor(
    private readonly loadAttachments: LoadAttachments,
    private readonly budget = new RenderBudget(),
  ) {}

  /**
   * The whole message of one delivery; undefined: its email was edited, so it is not to be sent. Throws
   * `AttachmentsAway`, `SlowRendering`, or another error when the email cannot be composed: that is this delivery's failure, whatever becomes of other copies.
   */
  async render(delivery: ClaimedDelivery): Promise<Buffer | undefined> {
    const composerOf = await this.composer(delivery);
    return composerOf && this.inTurn(delivery, () => write(composerOf, delivery));
  }

  /** What is the same for all is quick; what is filled may take its time, and has to leave others theirs. */
  private async inTurn<T>(delivery: ClaimedDelivery, work: () => T): Promise<T> {
    const { render, hasOwnData, emailId } = delivery;
    if (render === 'none') return work();
    return this.turns.run(() => {
      if (!hasOwnData) return work();
      const restMs = this.budget.restMs(emailId);
      if (restMs > 0) throw new SlowRendering(restMs / 1000);
      return this.budget.spend(emailId, work);
    });
  }

  private async composer(delivery: ClaimedDelivery): Promise<ComposerOf | undefined> {
    const key = `${delivery.emailId} ${delivery.contentVersion}` as const;
    const known = this.forget(key);
    const composed = known ?? { composer: this.compose(delivery), size: sizeOf(delivery) };
    this.keep(key, composed);
    try {
      return await composed.composer;
    } catch (error) {
      if (this.composed.get(key) === composed) this.forget(key);
      throw error;
    }
  }

  private async compose(delivery: ClaimedDelivery): Promise<ComposerOf | undefined> {
    const attachments = delivery.attachments.length === 0 ? [] : await this.attachments(delivery);
    return attachments && this.inTurn(delivery, () => composeEmail(delivery, attachments));
  }

  private async attachments(delivery: ClaimedDelivery): Promise<MessageAttachment[] | undefined> {
    const contents = await this.loadAttachments(delivery).catch((error: unknown) => {
      throw new AttachmentsAway('attachments could not be loaded', { cause: error });
    });
    return contents && delivery.attachments.map((about, index) => ({ ...about, content: bytesAt(contents, index) }));
  }

  private forget(key: `${EmailId} ${number}`): Composed | undefined {
    const known = this.composed.get(key);
    if (known && this.composed.delete(key)) this.size -= known.size;
    return known;
  }

  /** Forgets what was not used for longest: copies of one email come together. */
  private keep(key: `${EmailId} ${number}`, composed: Composed): void {
    for (const oldest of this.composed.keys()) {
      if (this.composed.size < KEEP.emails && this.size + composed.size <= KEEP.size) break;
      this.forget(oldest);
    }
    this.composed.set(key, composed);
    this.size += composed.size;
  }
}

function write(composerOf: ComposerOf, delivery: ClaimedDelivery): Buffer {
  const isShared = delivery.visibility === 'shared';
  return composerOf(delivery).forDelivery({
    deliveryId: publicId('delivery', delivery.id),
    messageId: messageId(isShared ? 'email' : 'delivery', isShared ? delivery.emailId : delivery.id, delivery.from),
    to: isShared ? delivery.to : [delivery.mailbox],
    cc: isShared ? delivery.cc : [],
  });
}

function bytesAt(contents: readonly Buffer[], index: number): Buffer {
  const content = contents[index];
  if (!content) throw new Error('the bytes of an attachment are missing');
  return content;
}

/** Base64 writes four characters for three bytes. What is still to be filled keeps its files, too, and its text as a tree. */
const sizeOf = ({ render, text, html, attachments }: ClaimedDelivery): number => {
  const [ofBytes, ofText] = render === 'liquid' ? [2.4, 8] : [1.4, 1];
  const bodies = ((text?.length ?? 0) + (html?.length ?? 0)) * ofText;
  return attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes * ofBytes, bodies);
};
