import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventId } from '#domain';
import {
  ApiAnswer,
  ApiProblems,
  type Caller,
  CallerOf,
  linked,
  ListSchema,
  type ListView,
  pageOf,
  Problem,
  readCursor,
  writeCursor,
  NeedsScope,
} from '#http';
import { Database, readTimeline, type TimelineOf, type TimelinePlace } from '#storage';
import { findDelivery } from '../deliveries/deliveries.controller.js';
import { TimelineEventSchema } from '../documents/timeline-event.schema.js';
import { PageQuery } from '../emails/email.schema.js';
import { Emails } from '../emails/emails.js';
import { timelineView, type TimelineEventView } from './timeline.view.js';

/** What happened to an email or to one delivery, oldest first (interface 3.15). */
@ApiTags('timeline')
@NeedsScope('emails:read')
@Controller('v1')
export class TimelineController {
  constructor(
    @Inject(Database) private readonly db: Database,
    private readonly emails: Emails,
  ) {}

  @Get('emails/:id/events')
  @ApiOperation({ summary: 'The timeline of an email' })
  @ApiAnswer(200, ListSchema(TimelineEventSchema), { description: 'A page, oldest first.', headers: ['Link'] })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async ofEmail(
    @CallerOf() { tenantId, mode, ...caller }: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<TimelineEventView>> {
    const email = await this.emails.find({ tenantId, mode, ...caller }, id);
    return linked(
      reply,
      request.url,
      await pageOfTimeline(this.db, { tenantId, mode, emailId: email.id, deliveryId: null }, query),
    );
  }

  @Get('deliveries/:id/events')
  @ApiOperation({ summary: 'The timeline of a delivery' })
  @ApiAnswer(200, ListSchema(TimelineEventSchema), { description: 'A page, oldest first.', headers: ['Link'] })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async ofDelivery(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<TimelineEventView>> {
    const { id: deliveryId, email_id: emailId } = await findDelivery(this.db.of(caller.tenantId), caller, id);
    const { tenantId, mode } = caller;
    return linked(reply, request.url, await pageOfTimeline(this.db, { tenantId, mode, emailId, deliveryId }, query));
  }
}

/** A page of what happened to an email or to one delivery, oldest first. */
export async function pageOfTimeline(
  db: Database,
  of: TimelineOf,
  query: PageQuery,
): Promise<ListView<TimelineEventView>> {
  const filter = { email: of.emailId, delivery: of.deliveryId ?? '' };
  const page = { limit: query.limit, after: place(query.after, filter), before: place(query.before, filter) };
  const rows = await readTimeline(db.of(of.tenantId), of, page);
  const cursorAt = ({ position, id }: TimelinePlace) => writeCursor([position, id], filter);
  return pageOf(rows, query, cursorAt, (shown) => shown.map((row) => timelineView(of.emailId, row)));
}

/** Seconds since 1970 as Postgres writes them: a cursor may be forged, and the statement must be able to read it. */
const POSITION = /^\d{1,11}(\.\d{1,6})?$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

function place(cursor: string | undefined, filter: object): TimelinePlace | undefined {
  if (cursor === undefined) return undefined;
  const [position, id] = readCursor(cursor, filter);
  if (position === undefined || id === undefined || !POSITION.test(position) || !UUID.test(id)) {
    throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor as it came.');
  }
  return { position, id: id as EventId };
}
