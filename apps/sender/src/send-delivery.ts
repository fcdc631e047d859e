import { type Outcome, parseAddress, type PROVIDER_DOWN, publicId, type SettleTimings, SLOW_RENDERING } from '#domain';
import type { Attempt } from '#couriers';
import type { ClaimedDelivery, ParkAsk, Refusal } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Armer } from './gate/armer.js';
import { DeliveryGate } from './gate/delivery-gate.js';
import type { ProviderBreakers } from './provider-breakers.js';
import type { Provider, Providers } from './providers.js';
import { AttachmentsAway, type MessageRenderer, SlowRendering } from './render-message.js';
import { type EndedAttempt, settleAsk } from './settle/settle-ask.js';
import type { Settler } from './settle/settler.js';
import { suppressedAsk } from './settle/suppressed-ask.js';
import { shutForSeconds } from './settle/into-windows.js';
import { TellAttempt } from './tell-attempt.js';

export interface SendDeliveryParts {
  readonly providers: Providers;
  readonly renderer: MessageRenderer;
  readonly armer: Armer;
  readonly settler: Settler;
  readonly breakers: ProviderBreakers;
  /** Gives a claim back, due as before. */
  readonly giveBack: (delivery: ClaimedDelivery) => Promise<void>;
  readonly timings: SettleTimings;
  readonly log: Logger;
  readonly facts: Facts;
}

/** The email is another one by now, or its attachments are out of reach for the moment. */
type NotSent = 'moved' | 'later';

/** It cannot be tried for so long: its rates give nothing, or its email takes too long to render. */
interface Unready {
  readonly waitSeconds: number;
  readonly waitsFor: Exclude<ParkAsk['reason'], typeof PROVIDER_DOWN>;
}

/** What waits for the time of a sender comes back over so long, not all at once. */
const SPREAD_SECONDS = 60;

/** The story of one delivery in the sender: render it, attempt it through the gate, settle how that ended. */
export class SendDelivery {
  private readonly tell: TellAttempt;

  constructor(private readonly parts: SendDeliveryParts) {
    this.tell = new TellAttempt(parts.log, parts.facts);
  }

  async run(delivery: ClaimedDelivery): Promise<void> {
    if (delivery.isSuppressed) return this.settleSuppressed(delivery);
    const shutSeconds = shutForSeconds(delivery, sinceLoaded(delivery));
    if (shutSeconds > 0) return this.returnFor(delivery, { waitSeconds: shutSeconds, waitsFor: 'window' });
    const began = performance.now();
    const ended = await this.attempt(delivery, began);
    if (ended === 'moved') return this.refused(delivery);
    if (ended === 'later') return this.parts.giveBack(delivery);
    if ('waitsFor' in ended) return this.returnFor(delivery, ended);
    const ask = settleAsk(delivery, ended, sinceLoaded(delivery), Math.random(), this.parts.timings);
    if (!ask) return this.refused(delivery);
    this.tell.ended(delivery, ask, await this.parts.settler.settle(ask));
  }

  private async attempt(delivery: ClaimedDelivery, began: number): Promise<EndedAttempt | NotSent | Unready> {
    const { breakers } = this.parts;
    const provider = this.parts.providers.for(delivery.mode);
    if (!provider) return notMade(NO_PROVIDER, null, began);
    const content = await this.render(delivery);
    if (typeof content === 'string' || 'waitsFor' in content) return content;
    if ('kind' in content) return { ...notMade(content, 0, began), isMade: true };
    const admission = await breakers.admit(provider.id);
    if (admission === 'wait') return notMade(PROVIDER_AWAY, breakers.backSeconds(provider.id), began);
    const gate = new DeliveryGate(this.parts.armer, delivery, provider.id, this.parts.log);
    const attempt = await this.converse(provider, delivery, content, gate);
    await breakers.ended(provider.id, attempt.outcome, admission === 'probe');
    if (attempt.outcome.kind === 'refused' && gate.backInMs !== undefined)
      return { waitSeconds: gate.backInMs / 1000, waitsFor: 'limit' };
    return {
      attempt,
      providerId: provider.id,
      armed: gate.mayBeArmed,
      armedAttempt: gate.armedAttempt,
      tookMs: performance.now() - began,
      isMade: true,
      providerBackSeconds: breakers.backSeconds(provider.id, delivery.waitedSeconds),
    };
  }

  /** Its windows have shut, its rates give nothing for longer than a connection waits, or its email rests. */
  private async returnFor(delivery: ClaimedDelivery, { waitSeconds, waitsFor }: Unready): Promise<void> {
    const { tenantId, id, epoch } = delivery;
    const { armer, log } = this.parts;
    await armer
      .returnUntil({ tenantId, id, epoch, delaySeconds: waitSeconds, reason: waitsFor })
      .catch((error: unknown) => log.warn({ err: error }, 'a claim could not be given back; its grant will run out'));
  }

  private async settleSuppressed(delivery: ClaimedDelivery): Promise<void> {
    const moved = await this.parts.settler.settle(suppressedAsk(delivery));
    if (moved) this.tell.suppressed(delivery);
  }

  /** The gate said no. What nobody else goes on with comes to its end here, or goes back. */
  private async refused(delivery: ClaimedDelivery): Promise<void> {
    switch (await this.whyRefused(delivery)) {
      case 'suppressed':
        return this.settleSuppressed(delivery);
      case 'late':
        return this.parts.giveBack(delivery);
      case 'moved':
        return this.tell.refused(delivery);
    }
  }

  private async whyRefused(delivery: ClaimedDelivery): Promise<Refusal> {
    try {
      return await this.parts.armer.why(delivery);
    } catch (error) {
      this.parts.log.warn(
        { err: error, deliveryId: publicId('delivery', delivery.id) },
        'nobody can say why the gate refused',
      );
      return 'moved'; // its grant runs out, and somebody looks again
    }
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

  private async render(delivery: ClaimedDelivery): Promise<Buffer | Outcome | NotSent | Unready> {
    try {
      return (await this.parts.renderer.render(delivery)) ?? 'moved';
    } catch (error) {
      if (error instanceof SlowRendering)
        return { waitSeconds: error.restSeconds + Math.random() * SPREAD_SECONDS, waitsFor: SLOW_RENDERING };
      if (error instanceof AttachmentsAway) {
        this.parts.log.warn({ err: error, deliveryId: publicId('delivery', delivery.id) }, 'given back');
        return 'later';
      }
      this.parts.log.error(
        { err: error, deliveryId: publicId('delivery', delivery.id) },
        'delivery could not be composed',
      );
      const why = error instanceof Error ? error.message : String(error);
      return { kind: 'permanent', phase: 'connecting', reply: null, reason: 'render_error', error: why };
    }
  }
}

const sinceLoaded = ({ loadedTickMs }: ClaimedDelivery): number => performance.now() - loadedTickMs;

const away = (error: string): Outcome => ({ kind: 'provider_fault', phase: 'connecting', reply: null, error });

/** Live mail waits for a provider as it waits for one that is down: no attempt counts, but not for ever. */
const NO_PROVIDER = away('there is no provider for live mail; set SMTP_URL');
const PROVIDER_AWAY = away('the provider is down');

const notMade = (outcome: Outcome, providerBackSeconds: number | null, began: number): EndedAttempt => ({
  attempt: { outcome, connectMs: null, envelopeMs: null, armMs: null, replyMs: null, conversation: [] },
  providerId: null,
  armed: false,
  armedAttempt: undefined,
  tookMs: performance.now() - began,
  isMade: false,
  providerBackSeconds,
});

function bareAddress(mailbox: string): string {
  const parsed = parseAddress(mailbox);
  if (parsed.kind === 'bad') throw new Error(`a stored sender is not readable: ${parsed.detail}`);
  return parsed.mailbox.address;
}
