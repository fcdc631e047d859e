import type { Lane } from '#domain';
import type { Claim, ClaimedDelivery } from '#storage';
import { BulkShare } from './bulk-share.js';

/** Loaded and waiting in a lane: at one of these fetching stops until half is gone. Bodies are in memory, so their size counts, too. */
const FULL = { deliveries: 2_000, bodyLength: 32 * 1_048_576 } as const;

/**
 * Bytes of attachments in deliveries at work. Each is in memory twice: as its email has it, and written for its copy.
 * One that does not fit lets smaller ones go first; one alone always fits.
 */
const ATTACHED_AT_WORK = 40 * 1_048_576;

/** When bulk may not hold more workers it is looked again whether it may. */
const LOOK_MS = 500;

/** What waits in one lane. */
interface Waiting {
  deliveries: ClaimedDelivery[];
  bodyLength: number;
  /** Told when half of a full lane is gone. */
  forRoom: (() => void)[];
}

/** Deliveries in hand: loaded, in memory, and the database knows them as queued. Transactional ones go first. */
export class DeliveryQueue {
  private readonly lanes: Record<Lane, Waiting> = { transactional: nothing(), bulk: nothing() };
  /** By object: a delivery that was edited may be in hand under two epochs. */
  private readonly started = new Set<ClaimedDelivery>();
  private readonly bulkShare: BulkShare;
  private bulkAtWork = 0;
  private looking: NodeJS.Timeout | undefined;
  private attachedAtWork = 0;
  private closed = false;
  private idle: (() => void)[] = [];

  constructor(workers: number) {
    this.bulkShare = new BulkShare(workers);
  }

  get waiting(): number {
    return this.lanes.transactional.deliveries.length + this.lanes.bulk.deliveries.length;
  }

  get atWork(): number {
    return this.started.size;
  }

  /** Everything in hand that the gate was not asked for yet, or may still be. */
  get held(): ClaimedDelivery[] {
    return [...this.lanes.transactional.deliveries, ...this.lanes.bulk.deliveries, ...this.started];
  }

  /** Waits until there is room for more in a lane, whatever the other holds; false: this process is stopping, take nothing. */
  async hasRoom(lane: Lane): Promise<boolean> {
    while (!this.closed && isFilledTo(1, this.lanes[lane]))
      await new Promise<void>((resolve) => this.lanes[lane].forRoom.push(resolve));
    return !this.closed;
  }

  /** false: this process is stopping and took nothing. */
  add(deliveries: readonly ClaimedDelivery[]): boolean {
    if (this.closed) return false;
    for (const delivery of deliveries) {
      this.lanes[delivery.lane].deliveries.push(delivery);
      this.lanes[delivery.lane].bodyLength += bodyLength(delivery);
    }
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
    if (!this.started.delete(delivery)) return;
    if (delivery.lane === 'bulk') this.bulkAtWork -= 1;
    this.attachedAtWork -= attachedBytes(delivery);
    if (this.waiting > 0) this.wakeWorkers();
  }

  /** Forgets waiting deliveries that are somebody else's now; not the newer claim of one that came meanwhile. */
  drop(lost: ReadonlySet<Claim>): void {
    if (lost.size === 0) return;
    for (const lane of Object.values(this.lanes)) {
      lane.deliveries = lane.deliveries.filter((delivery) => !lost.has(delivery));
      lane.bodyLength = lane.deliveries.reduce((sum, delivery) => sum + bodyLength(delivery), 0);
      tellRoom(lane);
    }
  }

  /** Takes those out that were not begun and fit. */
  takeWaiting(fits: (delivery: ClaimedDelivery) => boolean): ClaimedDelivery[] {
    const taken = Object.values(this.lanes).flatMap((lane) => lane.deliveries.filter(fits));
    this.drop(new Set(taken));
    return taken;
  }

  /** Hands out nothing more; what was not begun comes back. */
  close(): ClaimedDelivery[] {
    this.closed = true;
    clearTimeout(this.looking);
    this.wakeWorkers();
    return Object.values(this.lanes).flatMap((lane) => {
      const unstarted = lane.deliveries.splice(0);
      lane.bodyLength = 0;
      tellRoom(lane);
      return unstarted;
    });
  }

  private take(): ClaimedDelivery | undefined {
    const room = this.attachedAtWork === 0 ? Infinity : ATTACHED_AT_WORK - this.attachedAtWork;
    const { transactional, bulk } = this.lanes;
    const delivery =
      takeFrom(transactional, room) ?? (this.bulkShare.mayBegin(this.bulkAtWork) ? takeFrom(bulk, room) : undefined);
    if (!delivery) {
      if (bulk.deliveries.length > 0) this.lookAgain();
      return undefined;
    }
    this.attachedAtWork += attachedBytes(delivery);
    if (delivery.lane === 'bulk') this.bulkAtWork += 1;
    else this.bulkShare.urgentBegan(lateMs(delivery));
    this.started.add(delivery);
    return delivery;
  }

  /** The share of bulk grows by time alone, and nobody else would tell. */
  private lookAgain(): void {
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      this.wakeWorkers();
    }, LOOK_MS).unref();
  }

  private wakeWorkers(): void {
    for (const wake of this.idle.splice(0)) wake();
  }
}

/** Since it was due, or since its claim if that came later: what waited for limits or windows did not wait for us. */
const lateMs = ({ loadedMs, dueMs, waitedSeconds, loadedTickMs }: ClaimedDelivery): number =>
  Math.min(loadedMs - dueMs, waitedSeconds * 1000) + performance.now() - loadedTickMs;

const nothing = (): Waiting => ({ deliveries: [], bodyLength: 0, forRoom: [] });

const bodyLength = ({ text, html }: ClaimedDelivery): number => (text?.length ?? 0) + (html?.length ?? 0);

const isFilledTo = (share: number, lane: Waiting): boolean =>
  lane.deliveries.length >= FULL.deliveries * share || lane.bodyLength >= FULL.bodyLength * share;

const attachedBytes = ({ attachments }: ClaimedDelivery): number =>
  attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** The first one whose attachments fit; nearly always the first one. */
function takeFrom(lane: Waiting, room: number): ClaimedDelivery | undefined {
  const index = lane.deliveries.findIndex((one) => attachedBytes(one) <= room);
  const delivery = index === 0 ? lane.deliveries.shift() : lane.deliveries.splice(index, index < 0 ? 0 : 1)[0];
  if (!delivery) return undefined;
  lane.bodyLength -= bodyLength(delivery);
  tellRoom(lane);
  return delivery;
}

function tellRoom(lane: Waiting): void {
  if (!isFilledTo(0.5, lane)) for (const tell of lane.forRoom.splice(0)) tell();
}
