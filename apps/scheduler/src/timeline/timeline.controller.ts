import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { EventId } from '#domain';
import { type Caller, CallerOf, type ListView, Problem, readCursor, writeCursor } from '#http';
import { Database, readTimeline, type TimelineOf } from '#storage';
import { findDelivery } from '../deliveries/deliveries.controller.js';
import { ForwardQuery } from '../emails/email.schema.js';
import { Emails } from '../emails/emails.js';
import { timelineView, type TimelineEventView } from './timeline.view.js';

/** What happened to an email or to one delivery, oldest first (interface 3.15). */
@ApiTags('timeline')
@Controller('v1')
export class TimelineController {
  constructor(
    @Inject(Database) private readonly db: Database,
    private readonly emails: Emails,
  ) {}

  @Get('emails/:id/events')
  @ApiOperation({ summary: 'The timeline of an email' })
  async ofEmail(
    @CallerOf() { tenantId, mode, ...caller }: Caller,
    @Param('id') id: string,
    @Query({ schema: ForwardQuery }) query: ForwardQuery,
  ): Promise<ListView<TimelineEventView>> {
    const email = await this.emails.find({ tenantId, mode, ...caller }, id);
    return this.page({ tenantId, mode, emailId: email.id, deliveryId: null }, query);
  }

  @Get('deliveries/:id/events')
  @ApiOperation({ summary: 'The timeline of a delivery' })
  async ofDelivery(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: ForwardQuery }) query: ForwardQuery,
  ): Promise<ListView<TimelineEventView>> {
    const { id: deliveryId, email_id: emailId } = await findDelivery(this.db, caller, id);
    return this.page({ tenantId: caller.tenantId, mode: caller.mode, emailId, deliveryId }, query);
  }

  private async page(of: TimelineOf, { limit, after }: ForwardQuery): Promise<ListView<TimelineEventView>> {
    const filter = { email: of.emailId, delivery: of.deliveryId ?? '' };
    const rows = await readTimeline(this.db, of, { limit, after: after === undefined ? null : place(after, filter) });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const hasMore = rows.length > limit;
    return {
      object: 'list',
      data: shown.map((row) => timelineView(of.emailId, row)),
      hasMore,
      nextCursor: hasMore && last ? writeCursor([last.position, last.id], filter) : null,
      prevCursor: null,
    };
  }
}

function place(cursor: string, filter: object): { readonly position: string; readonly id: EventId } {
  const [position, id] = readCursor(cursor, filter);
  if (position === undefined || id === undefined || !/^[\d.]+$/.test(position) || !/^[\da-f-]{36}$/.test(id)) {
    throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor as it came.');
  }
  return { position, id: id as EventId };
}
