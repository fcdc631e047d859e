import type { DeliveryId, Lane } from '#domain';
import type { ClaimedDelivery } from '#storage';

/** Loaded and waiting, both lanes together: then fetching stops until half of it is gone. */
const FULL = 4_000;
const ROOM = 2_000;
/** The share of the workers that bulk may hold: the rest is always free for transactional mail. */
const BULK_SHARE = 0.8;

/** Deliveries in hand: loaded, in memory, and the database knows them as queued. Transactional ones go first. */
export class DeliveryQueue {
  private readonly lanes: Record<Lane, ClaimedDelivery[]> = { transactional: [], bulk: [] };
  private readonly started = new Map<DeliveryId, ClaimedDelivery>();
  private bulkAtWork = 0;
  private closed = false;
  private idle: (() => void)[] = [];
  private waitingForRoom: (() => void)[] = [];

  constructor(private readonly workers: number) {}

  get waiting(): number {
    return this.lanes.transactional.length + this.lanes.bulk.length;
  }

  get atWork(): number {
    return this.started.size;
  }

  /** Everything in hand that the gate was not asked for yet, or may still be. */
  get held(): ClaimedDelivery[] {
    return [...this.lanes.transactional, ...this.lanes.bulk, ...this.started.values()];
  }

  /** Waits until there is room for more; false: this process is stopping, take nothing. */
  async hasRoom(): Promise<boolean> {
    while (!this.closed && this.waiting >= FULL)
      await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
    return !this.closed;
  }

  /** false: this process is stopping and took nothing. */
  add(deliveries: readonly ClaimedDelivery[]): boolean {
    if (this.closed) return false;
    for (const delivery of deliveries) this.lanes[delivery.lane].push(delivery);
    this.wakeWorkers();
    return true;
  }

  /** The next delivery for a worker; undefined: stopping. */
  async next(): Promise<ClaimedDelivery | undefined> {
    for (;;) {
      const delivery = this.closed ? undefined : this.take();
      if (delivery || this.closed) return delivery;
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
  }

  done(delivery: ClaimedDelivery): void {
    this.started.delete(delivery.id);
    if (delivery.lane === 'bulk') this.bulkAtWork -= 1;
    if (this.lanes.bulk.length > 0) this.wakeWorkers();
  }

  /** Forgets waiting deliveries that are somebody else's now. */
  drop(lost: ReadonlySet<DeliveryId>): void {
    for (const lane of ['transactional', 'bulk'] as const) {
      this.lanes[lane] = this.lanes[lane].filter(({ id }) => !lost.has(id));
    }
  }

  /** Hands out nothing more; what was not begun comes back. */
  close(): ClaimedDelivery[] {
    this.closed = true;
    this.wakeWorkers();
    this.tellRoom();
    return [...this.lanes.transactional.splice(0), ...this.lanes.bulk.splice(0)];
  }

  private take(): ClaimedDelivery | undefined {
    const bulkMayStart = this.bulkAtWork < Math.max(1, Math.floor(this.workers * BULK_SHARE));
    const delivery = this.lanes.transactional.shift() ?? (bulkMayStart ? this.lanes.bulk.shift() : undefined);
    if (!delivery) return undefined;
    if (delivery.lane === 'bulk') this.bulkAtWork += 1;
    this.started.set(delivery.id, delivery);
    if (this.waiting < ROOM) this.tellRoom();
    return delivery;
  }

  private wakeWorkers(): void {
    for (const wake of this.idle.splice(0)) wake();
  }

  private tellRoom(): void {
    for (const tell of this.waitingForRoom.splice(0)) tell();
  }
}
