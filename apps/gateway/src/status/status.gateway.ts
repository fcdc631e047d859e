import { callbackify } from 'node:util';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { publicId } from '#domain';
import { Callers, Problem, unauthorized } from '#http';
import { newId } from '#storage';
import { allowInbound } from './inbound-limit.js';
import { liveCursor } from './live-cursor.js';
import type { LiveEvent } from './live-event.js';
import type { LiveServer, LiveSocket } from './live-socket.js';
import { LiveRoomsOf } from './live-rooms.js';
import { roomName } from './rooms.js';
import { SettledPosition } from './settled-position.js';
import { realtimeProblem, Subscribe, type SubscribeAck } from './subscribe.js';
import { version } from './version.js';

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
export class StatusGateway implements OnGatewayInit<LiveServer>, OnGatewayConnection<LiveSocket> {
  constructor(
    private readonly callers: Callers,
    private readonly subscribing: Subscribe,
    private readonly live: LiveRoomsOf,
    private readonly position: SettledPosition,
  ) {}

  afterInit(server: LiveServer): void {
    this.live.attach(server);
    server.use(callbackify((socket: LiveSocket) => this.recognize(socket)));
  }

  handleConnection(socket: LiveSocket): void {
    allowInbound(socket);
    socket.emit('server.version', this.greeting());
    for (const topic of topicsInQuery(socket)) {
      const answer = (ack: SubscribeAck) => void socket.emit('subscribed', ack);
      void this.subscribing.run(this.subscriber(socket, answer), topic, undefined);
    }
  }

  @SubscribeMessage('subscribe')
  async subscribe(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() answer: Answer,
  ): Promise<void> {
    const { topic, since } = fieldsOf(body);
    await this.subscribing.run(this.subscriber(socket, answer), topic, since);
  }

  @SubscribeMessage('unsubscribe')
  async unsubscribe(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() answer: Answer,
  ): Promise<void> {
    const { topic } = fieldsOf(body);
    socket.data.topics.delete(topic);
    await socket.leave(roomName(socket.data.caller, topic));
    answer?.({ ok: true, topic });
  }

  private subscriber(socket: LiveSocket, answer: Answer | ((ack: SubscribeAck) => void)) {
    const enter = (room: string, ack: SubscribeAck, missed: readonly LiveEvent[]) => {
      if (!socket.connected) return;
      answer?.(ack);
      for (const event of missed) socket.emit(event.type, event);
      void socket.join(room); // done when it returns: rooms are in this process
    };
    return {
      caller: socket.data.caller,
      topics: socket.data.topics,
      enter,
      refuse: (ack: SubscribeAck) => answer?.(ack),
    };
  }

  private async recognize(socket: LiveSocket): Promise<void> {
    const { key } = socket.handshake.auth as { key?: unknown };
    const text = typeof key === 'string' ? key : undefined;
    const caller = key === undefined || text !== undefined ? await this.find(text) : undefined;
    if (!caller) throw connectError(unauthorized());
    Object.assign(socket.data, { caller, key: text, topics: new Set<string>() });
  }

  private find(key: string | undefined) {
    return this.callers.find(key).catch((error: unknown) => {
      throw Object.assign(connectError(new Problem('unavailable', 'Keys cannot be read now. Try again.')), {
        cause: error,
      });
    });
  }

  private greeting(): LiveEvent {
    return {
      id: publicId('event', newId()),
      type: 'server.version',
      topic: null,
      cursor: liveCursor(this.position.current()),
      time: new Date().toISOString(),
      data: { version },
      replay: false,
    };
  }
}

/** socket.io hands `data` to the client's `connect_error`. */
const connectError = (problem: Problem): Error =>
  Object.assign(new Error(problem.detail), { data: realtimeProblem(problem) });

function topicsInQuery({ handshake }: LiveSocket): readonly string[] {
  const { topics } = handshake.query;
  const text = Array.isArray(topics) ? topics.join(',') : (topics ?? '');
  return [...new Set(text.split(',').filter((name) => name !== ''))];
}

/** What a client sent; anything that is not text counts as a topic that does not exist. */
function fieldsOf(body: unknown): { readonly topic: string; readonly since: string | undefined } {
  const { topic, since } = (body ?? {}) as { topic?: unknown; since?: unknown };
  return {
    topic: typeof topic === 'string' ? topic : '',
    since: since === undefined || since === null ? undefined : typeof since === 'string' ? since : '',
  };
}
