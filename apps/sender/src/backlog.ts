import { setTimeout as pause } from 'node:timers/promises';
import { type Lane, LANES, type ProcessId } from '#domain';
import { type Claim, type ClaimedDelivery, type Database, loadClaimed } from '#storage';
import type { Logger } from '#telemetry';

/** Ids and epochs in a lane at which fetching stops until half are gone: as many as pollers ever have queued. */
const FULL = 20_000;
/** In one statement at most: their bodies come along, up to 1 MiB each. */
const LOAD_AT_ONCE = 100;
const RETRY_MS = 500;

/** Where loaded deliveries go. */
export interface Loaded {
  /** Waits until there is room; false: this process is stopping. */
  hasRoom: (lane: Lane) => Promise<boolean>;
  /** false: this process is stopping and took nothing. */
  add: (deliveries: readonly ClaimedDelivery[]) => boolean | Promise<boolean>;
}

interface Waiting {
  claims: Claim[];
  /** Told when there is something to load. */
  forWork: (() => void)[];
  /** Told when half of a full lane is gone. */
  forRoom: (() => void)[];
}

/**
 * Claims that this sender has taken over and not loaded yet. Ids are cheap to hold, so they are taken out of Kafka at
 * once and their grants are renewed from then on; in a topic nobody would keep them alive behind a slow server.
 */
export class Backlog {
  private readonly lanes: Record<Lane, Waiting> = { transactional: nothing(), bulk: nothing() };
  private closed = false;

  constructor(
    private readonly db: Database,
    private readonly sender: ProcessId,
    private readonly loaded: Loaded,
    private readonly log: Logger,
  ) {}

  /** Begins to load; each lane by itself, so that none waits for the other. */
  start(): void {
    for (const lane of LANES) void this.loadLane(lane);
  }

  get held(): Claim[] {
    return Object.values(this.lanes).flatMap(({ claims }) => claims);
  }

  /** Waits until there is room for more in a lane; false: this process is stopping, take nothing. */
  async hasRoom(lane: Lane): Promise<boolean> {
    const { claims, forRoom } = this.lanes[lane];
    if (!this.closed && claims.length >= FULL) await new Promise<void>((resolve) => forRoom.push(resolve));
    return !this.closed;
  }

  /** false: this process is stopping and took nothing. */
  add(lane: Lane, claims: readonly Claim[]): boolean {
    if (this.closed) return false;
    this.lanes[lane].claims.push(...claims);
    wake(this.lanes[lane].forWork);
    return true;
  }

  /** Forgets claims that are somebody else's now; not the newer claim of the same delivery that came meanwhile. */
  drop(lost: ReadonlySet<Claim>): void {
    if (lost.size === 0) return;
    for (const lane of Object.values(this.lanes)) {
      lane.claims = lane.claims.filter((claim) => !lost.has(claim));
      tellRoom(lane);
    }
  }

  /** Loads nothing more; what was not loaded comes back. */
  close(): Claim[] {
    this.closed = true;
    return Object.values(this.lanes).flatMap((lane) => {
      wake(lane.forWork);
      wake(lane.forRoom);
      return lane.claims.splice(0);
    });
  }

  private async loadLane(name: Lane): Promise<void> {
    const lane = this.lanes[name];
    while (!this.closed) {
      if (lane.claims.length === 0) await new Promise<void>((resolve) => lane.forWork.push(resolve));
      else if (await this.loaded.hasRoom(name)) await this.loadSome(lane);
    }
  }

  private async loadSome(lane: Waiting): Promise<void> {
    const some = lane.claims.slice(0, LOAD_AT_ONCE);
    try {
      await this.load(lane, some);
    } catch (error) {
      this.log.warn({ err: error, deliveries: some.length }, 'deliveries could not be loaded; trying again');
      await pause(RETRY_MS);
    }
  }

  /** Claims stay in the backlog until they are loaded, so that somebody renews them all the time. */
  private async load(lane: Waiting, some: readonly Claim[]): Promise<void> {
    try {
      const deliveries = await loadClaimed(this.db, some, this.sender);
      await this.loaded.add(deliveries);
      this.forget(lane, some);
    } catch (error) {
      if (!isBadData(error)) throw error;
      if (some.length > 1) return this.loadHalves(lane, some);
      // It would fail for ever, and hold up all that waits behind it.
      this.forget(lane, some);
      this.log.error({ err: error, deliveryId: some[0]?.id }, 'a claim cannot be read by the database; dropping it');
    }
  }

  private async loadHalves(lane: Waiting, some: readonly Claim[]): Promise<void> {
    const half = Math.ceil(some.length / 2);
    await this.load(lane, some.slice(0, half));
    await this.load(lane, some.slice(half));
  }

  private forget(lane: Waiting, some: readonly Claim[]): void {
    const gone = new Set(some);
    lane.claims = lane.claims.filter((claim) => !gone.has(claim));
    tellRoom(lane);
  }
}

/** SQLSTATE class 22: a value that the database cannot take, now or ever. */
function isBadData(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('22');
}

const nothing = (): Waiting => ({ claims: [], forWork: [], forRoom: [] });

function tellRoom(lane: Waiting): void {
  if (lane.claims.length < FULL / 2) wake(lane.forRoom);
}

function wake(waiting: (() => void)[]): void {
  for (const tell of waiting.splice(0)) tell();
}
