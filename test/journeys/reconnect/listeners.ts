import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { EventStream, type StreamFrame } from '#testing';

/** Two clients as docs/realtime.md asks for: they drop known ids, go on from the last cursor, and fetch what was skipped. */

interface Heard {
  readonly id: string;
  readonly cursor: string;
  readonly replay: boolean;
  readonly data: unknown;
}

type Ack = { readonly ok: true; readonly cursor: string; readonly replayed: number } | { readonly ok: false };

const firstSkipped = ({ data }: Heard): string => (data as { readonly from: string }).from;

/** Over socket.io, which connects again by itself. */
export class SocketListener {
  /** Types by the ids of events. */
  readonly known = new Map<string, string>();
  connections = 0;
  isBegun = false;
  private cursor: string | undefined;
  /** How many events of a replay are still to come: until then, live ones do not move the cursor. */
  private missing = 0;
  private readonly socket: Socket;

  constructor(
    url: string,
    private readonly topic: string,
  ) {
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
    });
    this.socket.on('connect', () => {
      this.connections += 1;
      this.subscribe(this.cursor);
    });
    this.socket.onAny((type: string, event: Heard) => this.take(type, event));
  }

  close(): void {
    this.socket.close();
  }

  private subscribe(since: string | undefined): void {
    this.missing = Infinity;
    this.socket.emit('subscribe', { topic: this.topic, since }, (ack: Ack) => {
      if (!ack.ok) return void setTimeout(() => this.subscribe(since), 200); // `unavailable`: it may be asked again
      this.missing = ack.replayed;
      this.cursor ??= ack.cursor;
      this.isBegun = true;
    });
  }

  private take(type: string, event: Heard): void {
    if (type === 'server.version') return;
    if (type === 'events.skipped') {
      this.cursor = firstSkipped(event);
      this.subscribe(this.cursor);
      return;
    }
    this.known.set(event.id, type);
    if (event.replay) this.missing -= 1;
    if (event.replay || this.missing <= 0) this.cursor = event.cursor;
  }
}

/** Over server-sent events, as a browser's EventSource does it. */
export class StreamListener {
  /** Types by the ids of events. */
  readonly known = new Map<string, string>();
  connections = 0;
  private cursor: string | undefined;
  private stream: EventStream | undefined;
  private isClosed = false;

  constructor(private readonly url: string) {
    void this.listen();
  }

  get isBegun(): boolean {
    return this.cursor !== undefined;
  }

  close(): void {
    this.isClosed = true;
    this.stream?.close();
  }

  private async listen(): Promise<void> {
    while (!this.isClosed) {
      const headers: Record<string, string> = this.cursor === undefined ? {} : { 'last-event-id': this.cursor };
      const stream = await EventStream.open(this.url, headers, (frame) => this.take(frame)).catch(() => undefined);
      if (stream) {
        this.connections += 1;
        this.stream = stream;
        await stream.ended;
      } else await pause(100);
    }
  }

  private take({ event: type, id, data }: StreamFrame): void {
    this.cursor = id;
    if (type === 'events.skipped') {
      this.cursor = firstSkipped(data as Heard);
      this.stream?.close();
    } else if (type !== 'snapshot') this.known.set((data as Heard).id, type);
  }
}
