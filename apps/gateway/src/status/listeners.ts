import { Problem } from '#http';
import type { Facts } from '#telemetry';
import { type Bearer, Listener, type Wire } from './listener.js';
import type { LiveEvent } from './live-event.js';
import type { SayWhatWasSkipped } from './pace/skipped.js';
import type { LiveServer } from './socket-wire.js';
import { streamFrame } from './stream-wire.js';
import type { Timers } from './timers.js';

/** How often those who read too slowly are looked at. */
const LOOK_MS = 20;

export interface ListenersParts {
  readonly facts: Facts;
  readonly timers: Timers;
  readonly say: SayWhatWasSkipped;
  /** How many a key may have in this process. */
  readonly perKey: number;
}

/** Everybody who listens to this process now, over sockets and streams. */
export class Listeners {
  private readonly all = new Set<Listener>();
  private readonly ofKeys = new Map<string, number>();
  private readonly watched = new Set<Listener>();
  private server: LiveServer | undefined;

  constructor(private readonly parts: ListenersParts) {}

  attach(server: LiveServer): void {
    this.server = server;
  }

  /** Throws the problem `rate_limited`: its key has as many as it may. */
  add(bearer: Bearer, wire: Wire): Listener {
    const { perKey, timers, say } = this.parts;
    const key = keyOf(bearer);
    const count = this.ofKeys.get(key) ?? 0;
    if (count >= perKey) {
      const detail = `This key has ${perKey} sockets and streams already. Close one, or share one between topics.`;
      throw new Problem('rate_limited', detail, { headers: { 'retry-after': '10' } });
    }
    const listener = new Listener(bearer, wire, { timers, say, watch: () => this.watch(listener) });
    this.ofKeys.set(key, count + 1);
    this.all.add(listener);
    return listener;
  }

  /** May be called twice. */
  remove(listener: Listener): void {
    listener.leave();
    if (!this.all.delete(listener)) return;
    const key = keyOf(listener.bearer);
    const count = (this.ofKeys.get(key) ?? 1) - 1;
    if (count > 0) this.ofKeys.set(key, count);
    else this.ofKeys.delete(key);
  }

  [Symbol.iterator](): IterableIterator<Listener> {
    return this.all.values();
  }

  /** An event is written once for all sockets and once for all streams, however many they are. */
  tell(listeners: readonly Listener[], event: LiveEvent): void {
    this.parts.facts.eventsEmitted(listeners.length);
    const sockets: string[] = [];
    let frame: Buffer | undefined;
    for (const { wire } of listeners) {
      if (wire.kind === 'stream') wire.write((frame ??= streamFrame(event)));
      else sockets.push(wire.id);
    }
    if (sockets.length > 0) this.server?.to(sockets).emit(event.type, event);
    for (const { wire } of listeners) if (wire.kind === 'socket') wire.mirror(event);
  }

  /** Sends everybody away: they come back by themselves, to another replica. */
  close(): void {
    for (const listener of this.all) listener.close();
  }

  private watch(listener: Listener): void {
    if (this.watched.size === 0) this.parts.timers.after(LOOK_MS, () => this.look());
    this.watched.add(listener);
  }

  private look(): void {
    for (const listener of this.watched) {
      listener.look();
      if (!listener.isWatched) this.watched.delete(listener);
    }
    if (this.watched.size > 0) this.parts.timers.after(LOOK_MS, () => this.look());
  }
}

const keyOf = ({ caller: { keyId, tenantId } }: Bearer): string => keyId ?? tenantId;
