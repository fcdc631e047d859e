import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems, bearerKey, Callers, limitRate, Problem, Public, unauthorized } from '#http';
import { Door } from './door.js';
import { Listeners } from './listeners.js';
import { Recognize } from './recognize.js';
import { StreamQuery } from './status-stream.schema.js';
import { frame, streamWire } from './stream-wire.js';
import { Subscribe, type Subscribed } from './subscribe.js';

/** Realtime status as server-sent events: the same topics, limits and replays as over sockets (interface 4). */
@ApiTags('realtime')
@Controller('v1/stream')
export class StatusStreamController {
  constructor(
    private readonly door: Door,
    private readonly recognize: Recognize,
    @Inject(Callers) private readonly callers: Callers,
    private readonly listeners: Listeners,
    private readonly subscribing: Subscribe,
  ) {}

  /** Ends when the client goes, when its key is revoked, and when this process stops. */
  @Public() // a ticket is as good as a key here: who calls is found below
  @Get()
  @ApiOperation({
    summary: 'Listen to what happens',
    description:
      'First an event `snapshot` for each topic, then what happens, each with a cursor as its `id`: docs/realtime.md.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'as `since`', schema: { type: 'string' } })
  @ApiResponse({
    status: 200,
    description: 'Server-sent events, until you go.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async stream(
    @Query({ schema: StreamQuery }) query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.door.check(request.headers);
    const key = bearerKey(request.headers.authorization);
    if (key === 'bad') throw unauthorized();
    const bearer = await this.recognize.run({ ...key, ticket: query.ticket });
    limitRate(reply, this.callers, bearer.caller);
    if (request.method === 'HEAD') return void reply.headers(HEADERS).send();
    const response = reply.raw;
    const listener = this.listeners.add(bearer, streamWire(response));
    response.once('close', () => this.listeners.remove(listener));
    // A browser that comes back repeats the URL, and says in the header how far it has got.
    const since = lastEventId === undefined || lastEventId === '' ? query.since : lastEventId;
    try {
      const names = [...new Set(query.topic)];
      await this.subscribing.run(listener, names, since, (acks) => begin(reply, request.id, acks));
    } catch (error) {
      this.listeners.remove(listener);
      throw error instanceof Problem || !reply.sent ? error : new Problem('internal', 'The stream broke off.');
    }
  }
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no', // nginx would keep events back
};

/** From here on the answer is a stream, and no problem can be told any more. */
function begin(reply: FastifyReply, requestId: string, acks: readonly Subscribed[]): void {
  reply.hijack();
  const response: ServerResponse = reply.raw;
  const { 'content-length': _none, ...headers } = reply.getHeaders();
  response.writeHead(200, { ...headers, ...HEADERS, 'x-request-id': requestId } as Record<string, string>);
  for (const ack of acks) response.write(frame('snapshot', ack.cursor, ack));
}
