import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  ApiAnswer,
  ApiProblems,
  type Caller,
  CallerOf,
  DeliverySchema,
  type DeliveryView,
  linked,
  ListSchema,
  type ListView,
  pageOf,
  NeedsScope,
  Problem,
  readCursor,
  writeCursor,
} from '#http';
import { Database, listRejected, type RejectedRow } from '#storage';
import { pageOfDeliveriesOf } from '../deliveries/deliveries.controller.js';
import { TimelineEventSchema } from '../documents/timeline-event.schema.js';
import { PageQuery } from '../emails/email.schema.js';
import { pageOfTimeline } from '../timeline/timeline.controller.js';
import type { TimelineEventView } from '../timeline/timeline.view.js';
import { findCampaign } from './campaign-of.js';
import { type RejectedView, RejectedSchema } from './rejected.schema.js';

/** What belongs to a campaign: its copies, its events, and whom it does not go to (interface 3.3). */
@ApiTags('campaigns')
@NeedsScope('emails:read')
@Controller('v1/campaigns')
export class CampaignPartsController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Get(':id/deliveries')
  @ApiOperation({ summary: 'The copies of a campaign, oldest first' })
  @ApiAnswer(200, ListSchema(DeliverySchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async deliveries(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<DeliveryView>> {
    const db = this.db.of(caller.tenantId);
    const campaign = await findCampaign(db, caller, id);
    return linked(reply, request.url, await pageOfDeliveriesOf(db, caller, { id, emailId: campaign.id }, query));
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'The timeline of a campaign' })
  @ApiAnswer(200, ListSchema(TimelineEventSchema), { description: 'A page, oldest first.', headers: ['Link'] })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async events(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<TimelineEventView>> {
    const { tenantId, mode } = caller;
    const campaign = await findCampaign(this.db.of(tenantId), caller, id);
    const of = { tenantId, mode, emailId: campaign.id, deliveryId: null };
    return linked(reply, request.url, await pageOfTimeline(this.db, of, query));
  }

  @Get(':id/rejected')
  @ApiOperation({ summary: 'The rows that were left out, in the order they came' })
  @ApiAnswer(200, ListSchema(RejectedSchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async rejected(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<RejectedView>> {
    const db = this.db.of(caller.tenantId);
    const campaign = await findCampaign(db, caller, id);
    const page = { limit: query.limit, after: place(query.after, id), before: place(query.before, id) };
    const rows = await listRejected(db, { tenantId: caller.tenantId, id: campaign.id }, page);
    const cursorAt = (last: { readonly place: number }) => writeCursor([String(last.place)], filterOf(id));
    const view = (shown: readonly RejectedRow[]) => shown.map(({ row, value, code }) => ({ row, value, code }));
    return linked(reply, request.url, pageOf(rows, query, cursorAt, view));
  }
}

const filterOf = (id: string) => ({ rejected: id });
const PLACE = z.string().regex(/^\d{1,9}$/);

function place(cursor: string | undefined, id: string): number | undefined {
  if (cursor === undefined) return undefined;
  const read = PLACE.safeParse(readCursor(cursor, filterOf(id))[0]);
  if (!read.success) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor as it came.');
  return Number(read.data);
}
