import type { Mode, TenantId } from '#domain';
import type { Listener } from './listener.js';
import type { LiveEvent } from './live-event.js';
import { Backlog } from './pace/backlog.js';
import { Pacer } from './pace/pacer.js';
import type { SayWhatWasSkipped } from './pace/skipped.js';
import type { Timers } from './timers.js';

/** Whose topic. The same name in another tenant or mode is another room. */
export interface Scope {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

/** Writes an event to many at once. */
export type Tell = (listeners: readonly Listener[], event: LiveEvent) => void;

export const roomName = ({ tenantId, mode }: Scope, topic: string): string => `${tenantId} ${mode} ${topic}`;

/** Whether a room belongs to an owner. */
const isOwners = (room: string): boolean => room.includes(' owner:');

/** How long what waits may wait longer than it must. */
const TICK_MS = 25;

/** Kept while a snapshot or a replay is on its way: more means that something is very slow. */
const HELD = { deliveries: 5_000, others: 5_000 };

/** One listener in one room. */
export class Subscription {
  /** What happens while it is not open yet. */
  private held: Backlog | undefined;
  /** What its snapshot knew already. */
  private isKnown: (event: LiveEvent) => boolean = () => false;

  constructor(
    readonly listener: Listener,
    say: SayWhatWasSkipped,
  ) {
    this.held = new Backlog(HELD, say);
  }

  /** Whether the event is for it, now. */
  takes(event: LiveEvent): boolean {
    if (!this.held) return !this.isKnown(event) && this.listener.admits(event);
    this.held.add(event);
    if (this.held.isOverfull) this.listener.cut();
    return false;
  }

  /** Leaves out what was told by a replay. */
  forget(event: Pick<LiveEvent, 'id' | 'topic' | 'type'>): void {
    this.held?.forget(event);
  }

  /** Passes on what was kept; from now on, events go straight through. */
  open(isKnown: (event: LiveEvent) => boolean = () => false): void {
    const events = this.held?.drain() ?? [];
    this.held = undefined;
    this.isKnown = isKnown;
    for (const event of events) if (this.takes(event)) this.listener.wire.send(event);
  }
}

interface Room {
  readonly subscriptions: Set<Subscription>;
  readonly pacer: Pacer;
  isTicking: boolean;
}

/** Where events go: at the pace of each topic to the listeners of its room. */
export class Rooms {
  private readonly rooms = new Map<string, Room>();
  private owners = 0;

  constructor(
    private readonly tell: Tell,
    private readonly timers: Timers,
    private readonly say: SayWhatWasSkipped,
  ) {}

  /** Whether anybody wants to know. */
  has(room: string): boolean {
    return this.rooms.has(room);
  }

  /** Whether anybody wants to know what belongs to an owner: who that is takes a look into the database. */
  get hasOwners(): boolean {
    return this.owners > 0;
  }

  emit(name: string, event: LiveEvent): void {
    const room = this.rooms.get(name);
    if (!room) return;
    for (const due of room.pacer.take(event, this.timers.now())) this.tellRoom(room, due);
    if (room.pacer.isWaiting && !room.isTicking) this.tick(name, room);
  }

  /** Lets a listener in. Until it is opened, its subscription keeps what happens. */
  enter(name: string, listener: Listener): Subscription {
    const room = this.rooms.get(name) ?? this.build(name);
    for (const event of room.pacer.whatWasSkipped()) this.tellRoom(room, event);
    const subscription = new Subscription(listener, this.say);
    room.subscriptions.add(subscription);
    return subscription;
  }

  leave(name: string, subscription: Subscription): void {
    const room = this.rooms.get(name);
    if (!room?.subscriptions.delete(subscription) || room.subscriptions.size > 0) return;
    this.rooms.delete(name);
    if (isOwners(name)) this.owners -= 1;
  }

  private build(name: string): Room {
    const room = { subscriptions: new Set<Subscription>(), pacer: new Pacer(this.say), isTicking: false };
    this.rooms.set(name, room);
    if (isOwners(name)) this.owners += 1;
    return room;
  }

  private tick(name: string, room: Room): void {
    room.isTicking = true;
    this.timers.after(TICK_MS, () => {
      room.isTicking = false;
      if (this.rooms.get(name) !== room) return;
      for (const event of room.pacer.due(this.timers.now())) this.tellRoom(room, event);
      if (room.pacer.isWaiting) this.tick(name, room);
    });
  }

  private tellRoom(room: Room, event: LiveEvent): void {
    const listeners: Listener[] = [];
    for (const subscription of room.subscriptions) {
      if (subscription.takes(event)) listeners.push(subscription.listener);
    }
    if (listeners.length > 0) this.tell(listeners, event);
  }
}
