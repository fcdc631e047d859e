import { io, type Socket } from 'socket.io-client';

export interface RealtimeEvent {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly cursor: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly replay: boolean;
}

/** A plain socket.io client that keeps every event it is given. */
export class Realtime {
  readonly events: RealtimeEvent[] = [];

  private constructor(readonly socket: Socket) {
    socket.onAny((name: string, event: unknown) => {
      if (/^(email|delivery|job|events|dead_letter)\./.test(name)) this.events.push(event as RealtimeEvent);
    });
  }

  /** Connects; `query` and `auth` go into the handshake. */
  static async connect(
    url: string,
    options: { query?: Record<string, string>; auth?: Record<string, string> } = {},
  ): Promise<Realtime> {
    const socket = io(url, { transports: ['websocket'], forceNew: true, ...options });
    const realtime = new Realtime(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', reject);
    });
    return realtime;
  }

  /** Asks for a topic; the acknowledgement. */
  subscribe<Ack = { ok: boolean; cursor: string; snapshot: unknown }>(topic: string, since?: string): Promise<Ack> {
    return this.socket.emitWithAck('subscribe', { topic, ...(since !== undefined && { since }) }) as Promise<Ack>;
  }

  close(): void {
    this.socket.close();
  }
}
