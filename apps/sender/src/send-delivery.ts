import { type Outcome, parseAddress, publicId, type SettleTimings } from '#domain';
import type { Attempt } from '#couriers';
import type { ClaimedDelivery } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Armer } from './gate/armer.js';
import { DeliveryGate } from './gate/delivery-gate.js';
import type { Provider, Providers } from './providers.js';
import type { MessageRenderer } from './render-message.js';
import { type EndedAttempt, settleAsk } from './settle/settle-ask.js';
import type { Settler } from './settle/settler.js';
import { TellAttempt } from './tell-attempt.js';

export interface SendDeliveryParts {
  readonly providers: Providers;
  readonly renderer: MessageRenderer;
  readonly armer: Armer;
  readonly settler: Settler;
  readonly timings: SettleTimings;
  readonly log: Logger;
  readonly facts: Facts;
}

/** The story of one delivery in the sender: render it, attempt it through the gate, settle how that ended. */
export class SendDelivery {
  private readonly tell: TellAttempt;

  constructor(private readonly parts: SendDeliveryParts) {
    this.tell = new TellAttempt(parts.log, parts.facts);
  }

  async run(delivery: ClaimedDelivery): Promise<void> {
    const began = performance.now();
    const ended = await this.attempt(delivery, began);
    const ask = settleAsk(delivery, ended, Math.random(), this.parts.timings);
    if (!ask) return this.tell.refused(delivery);
    this.tell.ended(delivery, ask, await this.parts.settler.settle(ask));
  }

  private async attempt(delivery: ClaimedDelivery, began: number): Promise<EndedAttempt> {
    const provider = this.parts.providers.for(delivery.mode);
    if (!provider) return notAttempted(NO_PROVIDER, began);
    const content = this.render(delivery);
    if ('kind' in content) return notAttempted(content, began);
    const gate = new DeliveryGate(this.parts.armer, delivery, provider.id, this.parts.log);
    const attempt = await this.converse(provider, delivery, content, gate);
    return {
      attempt,
      providerId: provider.id,
      armed: gate.mayBeArmed,
      armedAttempt: gate.armedAttempt,
      tookMs: performance.now() - began,
    };
  }

  private converse(
    provider: Provider,
    delivery: ClaimedDelivery,
    content: Buffer,
    gate: DeliveryGate,
  ): Promise<Attempt> {
    const envelope = { from: bareAddress(delivery.from), to: delivery.address };
    return provider.courier.attempt({ envelope, content }, gate);
  }

  private render(delivery: ClaimedDelivery): Buffer | Outcome {
    try {
      return this.parts.renderer.render(delivery);
    } catch (error) {
      this.parts.log.error(
        { err: error, deliveryId: publicId('delivery', delivery.id) },
        'delivery could not be composed',
      );
      const why = error instanceof Error ? error.message : String(error);
      return { kind: 'permanent', phase: 'connecting', reply: null, reason: 'render_error', error: why };
    }
  }
}

/** Live mail waits for a provider as it waits for a server that is down: by the retry schedule, and not for ever. */
const NO_PROVIDER: Outcome = {
  kind: 'provider_fault',
  phase: 'connecting',
  reply: null,
  error: 'there is no provider for live mail; set SMTP_URL',
};

const notAttempted = (outcome: Outcome, began: number): EndedAttempt => ({
  attempt: { outcome, connectMs: null, envelopeMs: null, armMs: null, replyMs: null },
  providerId: null,
  armed: false,
  armedAttempt: undefined,
  tookMs: performance.now() - began,
});

function bareAddress(mailbox: string): string {
  const parsed = parseAddress(mailbox);
  if (parsed.kind === 'bad') throw new Error(`a stored sender is not readable: ${parsed.detail}`);
  return parsed.mailbox.address;
}
