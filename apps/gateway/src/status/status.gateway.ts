import { callbackify } from 'node:util';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { Problem, unauthorized } from '#http';
import { allowInbound } from './inbound-limit.js';
import { Listener } from './listener.js';
import { Listeners } from './listeners.js';
import { OwnEvents } from './own-events.js';
import { realtimeProblem } from './realtime-problem.js';
import { Recognize } from './recognize.js';
import { type LiveServer, type LiveSocket, socketWire } from './socket-wire.js';
import { leave, Subscribe, type SubscribeAck } from './subscribe.js';

type Answer = ((ack: unknown) => void) | undefined;

/** Realtime status over socket.io: who may connect, and what they may ask for (interface 4). */
@WebSocketGateway({
  path: '/socket.io/',
  transports: ['websocket'],
  serveClient: false,
  maxHttpBufferSize: 16_384,
  perMessageDeflate: false,
  httpCompression: false,
  connectTimeout: 10_000,
})
export class StatusGateway
  implements OnGatewayInit<LiveServer>, OnGatewayConnection<LiveSocket>, OnGatewayDisconnect<LiveSocket>
{
  constructor(
    private readonly recognize: Recognize,
    private readonly subscribing: Subscribe,
    private readonly listeners: Listeners,
    private readonly own: OwnEvents,
  ) {}

  afterInit(server: LiveServer): void {
    this.listeners.attach(server);
    server.use(callbackify((socket: LiveSocket) => this.admit(socket)));
  }

  handleConnection(socket: LiveSocket): void {
    const { listener } = socket.data;
    if (!listener) return;
    allowInbound(socket);
    listener.wire.send(this.own.version());
    for (const topic of topicsInQuery(socket)) {
      void this.answer(listener, topic, undefined, (ack) => socket.emit('subscribed', ack));
    }
  }

  handleDisconnect({ data }: LiveSocket): void {
    if (data.listener) this.listeners.remove(data.listener);
  }

  @SubscribeMessage('subscribe')
  async subscribe(
    @ConnectedSocket() { data }: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() answer: Answer,
  ): Promise<void> {
    const { topic, since } = fieldsOf(body);
    if (data.listener) await this.answer(data.listener, topic, since, (ack) => answer?.(ack));
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(@ConnectedSocket() { data }: LiveSocket, @MessageBody() body: unknown, @Ack() answer: Answer): void {
    const { topic } = fieldsOf(body);
    if (data.listener) leave(data.listener, topic);
    answer?.({ ok: true, topic });
  }

  private async answer(
    listener: Listener,
    topic: string,
    since: string | undefined,
    send: (ack: SubscribeAck) => void,
  ): Promise<void> {
    try {
      await this.subscribing.run(listener, [topic], since, (acks) => acks.forEach(send));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      send({ ok: false, topic, problem: realtimeProblem(error) });
    }
  }

  /** Before there is a connection: what is thrown here is the client's `connect_error`. */
  private async admit(socket: LiveSocket): Promise<void> {
    const { key, ticket } = socket.handshake.auth as { key?: unknown; ticket?: unknown };
    try {
      if (!isText(key) || !isText(ticket)) throw unauthorized();
      const bearer = await this.recognize.run({ key, ticket });
      const user = first(socket.handshake.query['userId']);
      const wire = socketWire(socket, user === undefined ? undefined : `owner:${user}`);
      const listener = this.listeners.add(bearer, wire);
      Object.assign(socket.data, { bearer, listener });
      // A client may be gone before it is connected; then nobody tells of its end.
      socket.conn.once('close', () => this.listeners.remove(listener));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // socket.io hands `data` to the client's `connect_error`.
      throw Object.assign(new Error(error.detail, { cause: error }), { data: realtimeProblem(error) });
    }
  }
}

const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

const first = (value: string | string[] | undefined): string | undefined => {
  const text = Array.isArray(value) ? value[0] : value;
  return text === '' ? undefined : text;
};

function topicsInQuery({ handshake }: LiveSocket): readonly string[] {
  const { topics, userId } = handshake.query;
  const user = first(userId);
  const text = Array.isArray(topics) ? topics.join(',') : (topics ?? '');
  const names = text.split(',').filter((name) => name !== '');
  return [...new Set(user === undefined ? names : [...names, `owner:${user}`])];
}

/** What a client sent; anything that is not text counts as a topic that does not exist. */
function fieldsOf(body: unknown): { readonly topic: string; readonly since: string | undefined } {
  const { topic, since } = (body ?? {}) as { topic?: unknown; since?: unknown };
  return {
    topic: typeof topic === 'string' ? topic : '',
    since: since === undefined || since === null ? undefined : typeof since === 'string' ? since : '',
  };
}
