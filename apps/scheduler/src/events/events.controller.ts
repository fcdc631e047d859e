import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiAnswer, ApiProblems, type Caller, CallerOf, linked, NeedsScope } from '#http';
import { Database } from '#storage';
import { EventListSchema, EventQuery } from './event.schema.js';
import { type EventListView, pageOfEvents } from './list-events.js';

/** Everything that was told, in one order (interface 3.15). */
@ApiTags('timeline')
@NeedsScope('emails:read')
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Get()
  @ApiOperation({
    summary: 'List events, oldest first',
    description:
      'Whoever goes on with `cursor` misses nothing and gets nothing twice. An event appears when every transaction that began before it has ended, mostly within milliseconds. A page for a rare `type` may be empty and yet have a `nextCursor`: it was looked for among so many events only.',
  })
  @ApiAnswer(200, EventListSchema, { description: 'A page.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: EventQuery }) query: EventQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventListView> {
    const page = await this.db.of(caller.tenantId).transaction((tx) => pageOfEvents(tx, caller, query));
    return linked(reply, request.url.replace(/([?&])since=[^&]*&?/, '$1'), page);
  }
}
