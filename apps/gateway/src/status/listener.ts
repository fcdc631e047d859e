import type { Caller } from '#http';
import type { LiveEvent } from './live-event.js';
import { Backlog, type BacklogLimits } from './pace/backlog.js';
import type { SayWhatWasSkipped } from './pace/skipped.js';
import type { Timers } from './timers.js';

/** The way to one client. */
export type Wire = AnyWire &
  (
    | {
        readonly kind: 'socket';
        /** As socket.io calls it. */
        readonly id: string;
        /** Tells the same in the words of an older system, to those who asked for it. */
        readonly mirror: (event: LiveEvent) => void;
      }
    | {
        readonly kind: 'stream';
        /** A frame that was written before, for all. */
        readonly write: (frame: Buffer) => void;
      }
  );

interface AnyWire {
  /** So much waits to be read that more would only pile up. */
  readonly isFull: boolean;
  /** Next to nothing waits. */
  readonly isClear: boolean;
  readonly send: (event: LiveEvent) => void;
  /** Ends it in good order: the client comes back by itself. */
  readonly close: () => void;
  /** Breaks off, without waiting for anything to be read. */
  readonly cut: () => void;
  /** Says goodbye for good. */
  readonly end: () => void;
}

/** Who listens, and by which right. */
export interface Bearer {
  readonly caller: Caller;
  /** The key itself, where it was shown; undefined: a ticket was, or nothing, which is the developer at this machine. */
  readonly key: string | undefined;
  /** The only topics that a ticket opens; null: all that the scopes allow. */
  readonly topics: readonly string[] | null;
}

export interface ListenerParts {
  readonly timers: Timers;
  readonly say: SayWhatWasSkipped;
  /** Asks that `look` be called again and again while `isWatched`. */
  readonly watch: () => void;
}

/** One who reads too slowly gets so much later, and has so long to catch up. */
const BEHIND: BacklogLimits = { deliveries: 0, others: 500 };
const PATIENCE_MS = 10_000;

/** A client that listens, over a socket or a stream. Memory is bounded: one that does not read is cut off. */
export class Listener {
  /** Names of the topics, with how to leave them. */
  readonly topics = new Map<string, () => void>();
  private backlog: Backlog | undefined;
  /** Since when it has not caught up. */
  private behindSince: number | undefined;
  private readonly waiting: ((isThere: boolean) => void)[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private gone = false;

  constructor(
    readonly bearer: Bearer,
    readonly wire: Wire,
    private readonly parts: ListenerParts,
  ) {}

  get isGone(): boolean {
    return this.gone;
  }

  /** Whether `look` has something to do. */
  get isWatched(): boolean {
    return this.backlog !== undefined || this.waiting.length > 0;
  }

  /** Whether an event may go out to it now; else it is kept for later, or left out. */
  admits(event: LiveEvent): boolean {
    if (this.gone) return false;
    if (!this.backlog && !this.wire.isFull) return true;
    this.backlog ??= new Backlog(BEHIND, this.parts.say);
    this.backlog.add(event);
    this.watch();
    if (this.backlog.isOverfull) this.cut();
    return false;
  }

  /** Waits until it has read most of what was sent; false: it is gone. */
  async ready(): Promise<boolean> {
    if (this.gone) return false;
    if (!this.backlog && !this.wire.isFull) return true;
    const isThere = new Promise<boolean>((resolve) => this.waiting.push(resolve));
    this.watch();
    return isThere;
  }

  /** One thing after another: answers and replays of one client never mix, and never take more than one's share. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Goes on with one that has read meanwhile, and gives up one that has not. */
  look(): void {
    const isBehind = this.backlog ? !this.wire.isClear : this.wire.isFull;
    if (isBehind) {
      if (this.parts.timers.now() - (this.behindSince ?? Infinity) > PATIENCE_MS) this.cut();
      return;
    }
    this.behindSince = undefined;
    const events = this.backlog?.drain() ?? [];
    this.backlog = undefined;
    for (const event of events) this.wire.send(event);
    for (const resolve of this.waiting.splice(0)) resolve(true);
  }

  close(): void {
    this.leave();
    this.wire.close();
  }

  cut(): void {
    this.leave();
    this.wire.cut();
  }

  /** It is not there any more. May be called twice. */
  leave(): void {
    this.gone = true;
    for (const leaveTopic of this.topics.values()) leaveTopic();
    this.topics.clear();
    this.backlog = undefined;
    for (const resolve of this.waiting.splice(0)) resolve(false);
  }

  private watch(): void {
    this.behindSince ??= this.parts.timers.now();
    this.parts.watch();
  }
}
