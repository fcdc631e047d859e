import type { Mode, TenantId } from '#domain';
import type { LiveEvent } from './live-event.js';

/** Whose topic. The same name in another tenant or mode is another room. */
export interface Scope {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

/** The sockets that are subscribed now. */
export interface LiveRooms {
  has: (room: string) => boolean;
  emit: (room: string, event: LiveEvent) => void;
  /** Whether a socket listens to what belongs to an owner. */
  readonly hasOwners: boolean;
}

export const roomName = ({ tenantId, mode }: Scope, topic: string): string => `${tenantId} ${mode} ${topic}`;

/** Whether a room belongs to an owner. */
export const isOwners = (room: string): boolean => room.includes(' owner:');

/** More than this in the time of a snapshot means that something is very slow. */
const MAX_BUFFERED = 10_000;

/** A subscription under way: it keeps what happens while its snapshot is read. */
export class Opening {
  private kept: LiveEvent[] = [];
  private overflowed = false;

  add(event: LiveEvent): void {
    if (this.kept.length < MAX_BUFFERED) this.kept.push(event);
    else this.overflowed = true;
  }

  /** What came meanwhile, in order; undefined: too much, begin again. */
  get events(): readonly LiveEvent[] | undefined {
    return this.overflowed ? undefined : this.kept;
  }
}

/** Where events go: to the sockets of a room, and to those that are about to enter it. */
export class Rooms {
  private readonly openings = new Map<string, Set<Opening>>();

  constructor(private readonly live: LiveRooms) {}

  /** Whether anybody wants to know. */
  has(room: string): boolean {
    return this.openings.has(room) || this.live.has(room);
  }

  /** Whether anybody wants to know what belongs to an owner: who that is takes a look into the database. */
  get hasOwners(): boolean {
    return this.live.hasOwners || [...this.openings.keys()].some(isOwners);
  }

  emit(room: string, event: LiveEvent): void {
    for (const opening of this.openings.get(room) ?? []) opening.add(event);
    if (this.live.has(room)) this.live.emit(room, event);
  }

  /** Begins to keep the events of a room. */
  open(room: string): Opening {
    const opening = new Opening();
    const all = this.openings.get(room) ?? new Set();
    this.openings.set(room, all.add(opening));
    return opening;
  }

  close(room: string, opening: Opening): void {
    const all = this.openings.get(room);
    all?.delete(opening);
    if (all?.size === 0) this.openings.delete(room);
  }
}
