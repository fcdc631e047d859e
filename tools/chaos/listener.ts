import { io, type Socket } from 'socket.io-client';
import type { Told } from './evidence.js';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly cursor: string;
  readonly time: string;
  readonly data: { readonly deliveryId?: string; readonly status?: string; readonly from?: string };
}

const AGAIN_MS = 500;

/** A client of the gateways that comes back with its last cursor whenever it is cut off, each time to another one. */
export class Listener {
  private readonly seen = new Set<string>();
  private readonly last = new Map<string, { readonly status: string; readonly time: string }>();
  private cursor: string | undefined;
  private socket: Socket | undefined;
  private closed = false;
  reconnects = -1;
  repeats = 0;
  skips = 0;

  constructor(
    private readonly gateways: readonly string[],
    private readonly key: string,
  ) {}

  start(): void {
    if (this.closed) return;
    this.reconnects += 1;
    const url = this.gateways[this.reconnects % this.gateways.length] ?? '';
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: 3_000,
      auth: { key: this.key },
    });
    this.socket = socket;
    let ended = false;
    const again = () => {
      if (ended) return;
      ended = true;
      socket.close();
      setTimeout(() => this.start(), AGAIN_MS);
    };
    socket.on('connect', () => void this.subscribe(socket).catch(again));
    socket.on('connect_error', again);
    socket.on('disconnect', again);
    socket.onAny((_type: string, event: Event) => this.take(socket, event));
  }

  /** The last status that it was told of each delivery. */
  told(): Told[] {
    return [...this.last].map(([deliveryId, { status }]) => ({ deliveryId, status }));
  }

  stop(): void {
    this.closed = true;
    this.socket?.close();
  }

  private async subscribe(socket: Socket): Promise<void> {
    const since = this.cursor === undefined ? {} : { since: this.cursor };
    const ack = (await socket.timeout(10_000).emitWithAck('subscribe', { topic: 'tenant', ...since })) as {
      ok: boolean;
      cursor: string;
    };
    if (!ack.ok) throw new Error('the subscription was refused');
    this.cursor ??= ack.cursor;
  }

  private take(socket: Socket, event: Event): void {
    if (event.type === 'events.skipped') return this.askAgain(socket, event);
    if (!event.cursor) return;
    this.cursor = event.cursor;
    if (this.seen.has(event.id)) return void (this.repeats += 1);
    this.seen.add(event.id);
    const { time, data } = event;
    const { deliveryId, status } = data;
    if (deliveryId === undefined || status === undefined) return;
    // What was left out comes later than what followed it: the time tells which is the newer one.
    if (time >= (this.last.get(deliveryId)?.time ?? '')) this.last.set(deliveryId, { status, time });
  }

  /** More came than a subscription is sent: what was left out is replayed from before it. */
  private askAgain(socket: Socket, { data }: Event): void {
    this.skips += 1;
    this.cursor = data.from ?? this.cursor;
    void socket
      .emitWithAck('unsubscribe', { topic: 'tenant' })
      .then(() => this.subscribe(socket))
      .catch(() => socket.disconnect());
  }
}
