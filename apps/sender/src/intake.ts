import { admission } from '#couriers';
import { type Lane, NO_PROVIDER_SECONDS, parkSeconds, PROVIDER_DOWN, type ProviderId } from '#domain';
import { type ClaimedDelivery, type Database, type ParkAsk, parkDeliveries } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Loaded } from './backlog.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { ProviderBreakers } from './provider-breakers.js';
import type { Providers } from './providers.js';

export interface IntakeParts {
  readonly db: Database;
  readonly queue: DeliveryQueue;
  readonly providers: Pick<Providers, 'for'>;
  readonly breakers: ProviderBreakers;
  readonly log: Logger;
  readonly facts: Pick<Facts, 'deliveriesParked'>;
}

/** The longer a provider has been away, the wider bulk mail is spread: it must not go round and round meanwhile. */
const WIDEST_BULK_SPREAD = 10;

/**
 * Stands between what was loaded and the queue: what waits for a provider that is down goes back at once, all in one
 * statement, instead of running against it one by one.
 */
export class Intake implements Loaded {
  constructor(private readonly parts: IntakeParts) {
    parts.breakers.onShut = (providerId) => void this.parkWaiting(providerId);
  }

  hasRoom(lane: Lane): Promise<boolean> {
    return this.parts.queue.hasRoom(lane);
  }

  async add(deliveries: readonly ClaimedDelivery[]): Promise<boolean> {
    await this.parts.breakers.look();
    const probed = new Set<ProviderId>();
    const waits = new Set(deliveries.filter((delivery) => this.waits(delivery, probed)));
    await this.park([...waits]);
    return this.parts.queue.add(deliveries.filter((delivery) => !waits.has(delivery)));
  }

  /** What is suppressed, or has no time left, comes to its end without a provider: it does not wait. */
  private waits(delivery: ClaimedDelivery, probed: Set<ProviderId>): boolean {
    if (delivery.isSuppressed || delivery.budgetLeftSeconds <= 0) return false;
    const provider = this.parts.providers.for(delivery.mode);
    if (!provider) return true;
    const answer = admission(this.parts.breakers.breaker(provider.id));
    if (answer !== 'probe') return answer === 'wait';
    if (probed.has(provider.id)) return true;
    probed.add(provider.id); // one is enough to ask for being the probe
    return false;
  }

  /** Takes back what had been queued before the breaker opened. */
  private async parkWaiting(providerId: ProviderId): Promise<void> {
    const { queue, providers, log } = this.parts;
    const waiting = queue.takeWaiting(
      (delivery) =>
        providers.for(delivery.mode)?.id === providerId && !delivery.isSuppressed && delivery.budgetLeftSeconds > 0,
    );
    await this.park(waiting).catch((error: unknown) =>
      log.warn({ err: error, deliveries: waiting.length }, 'claims could not be parked; their grants will run out'),
    );
  }

  private async park(deliveries: readonly ClaimedDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const parked = await parkDeliveries(
      this.parts.db,
      deliveries.map((delivery) => this.parkAsk(delivery)),
    );
    this.parts.facts.deliveriesParked(parked.size);
  }

  private parkAsk(delivery: ClaimedDelivery): ParkAsk {
    const { tenantId, id, epoch, lane, mode, budgetLeftSeconds } = delivery;
    const provider = this.parts.providers.for(mode);
    const opened = provider ? this.parts.breakers.breaker(provider.id).opened : 0;
    const spread = lane === 'bulk' ? Math.min(Math.max(opened / 2, 0.5), WIDEST_BULK_SPREAD) : 0.5;
    const backSeconds = provider ? this.parts.breakers.backSeconds(provider.id) : NO_PROVIDER_SECONDS;
    const delaySeconds = Math.min(parkSeconds(backSeconds, Math.random(), spread), budgetLeftSeconds);
    return { tenantId, id, epoch, delaySeconds, reason: PROVIDER_DOWN };
  }
}
