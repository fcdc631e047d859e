import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DeliveryId, type EmailId, parsePublicId, publicId } from '#domain';
import {
  ApiAnswer,
  ApiProblems,
  type Caller,
  CallerOf,
  ExplanationSchema,
  explanationView,
  type ExplanationView,
  linked,
  ListSchema,
  type ListView,
  pageOf,
  NeedsScope,
  Problem,
  readCursor,
  writeCursor,
} from '#http';
import { Database, readWaiting, readWaitingOfEmail } from '#storage';
import { PageQuery } from '../emails/email.schema.js';
import { Emails } from '../emails/emails.js';
import { findCampaign } from '../campaigns/campaign-of.js';
import { turnsOf } from './turn-of.js';

/** Why not yet (interface 3.2). */
@ApiTags('deliveries')
@NeedsScope('emails:read')
@Controller('v1')
export class ExplainController {
  constructor(
    @Inject(Database) private readonly db: Database,
    private readonly emails: Emails,
  ) {}

  @Get('deliveries/:id/explain')
  @ApiOperation({ summary: 'Why a delivery has not been sent yet' })
  @ApiAnswer(200, ExplanationSchema, { description: 'As it is now.' })
  @ApiProblems('not_found')
  async ofDelivery(@CallerOf() caller: Caller, @Param('id') id: string): Promise<ExplanationView> {
    const deliveryId = parsePublicId('delivery', id);
    const row = deliveryId && (await readWaiting(this.db.of(caller.tenantId), caller, deliveryId));
    if (!row) throw new Problem('not_found', 'There is no such delivery.');
    const [turnAt] = await turnsOf(this.db, caller.tenantId, [row]);
    return explanationView(row, turnAt);
  }

  @Get('emails/:id/explain')
  @ApiOperation({ summary: 'Why the copies of an email have not been sent yet' })
  @ApiAnswer(200, ListSchema(ExplanationSchema), {
    description: 'One for each copy that is not finished, oldest first.',
    headers: ['Link'],
  })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async ofEmail(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<ExplanationView>> {
    const email = await this.emails.find(caller, id);
    return this.page(caller, email.id, { id, ...query }, request, reply);
  }

  @Get('campaigns/:id/explain')
  @ApiOperation({ summary: 'Why the copies of a campaign have not been sent yet' })
  @ApiAnswer(200, ListSchema(ExplanationSchema), {
    description: 'One for each copy that is made and not finished, oldest first.',
    headers: ['Link'],
  })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async ofCampaign(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<ExplanationView>> {
    const campaign = await findCampaign(this.db.of(caller.tenantId), caller, id);
    return this.page(caller, campaign.id, { id, ...query }, request, reply);
  }

  private async page(
    caller: Caller,
    emailId: EmailId,
    { id, ...query }: PageQuery & { readonly id: string },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ListView<ExplanationView>> {
    const filter = { explain: id };
    const page = { limit: query.limit, after: place(query.after, filter), before: place(query.before, filter) };
    const rows = await readWaitingOfEmail(this.db.of(caller.tenantId), caller, emailId, page);
    const turns = await turnsOf(this.db, caller.tenantId, rows);
    const read = rows.map((row, i) => ({ id: row.id, view: explanationView(row, turns[i]) }));
    const cursorAt = (last: { readonly id: DeliveryId }) => writeCursor([publicId('delivery', last.id)], filter);
    const answer = pageOf(read, query, cursorAt, (shown) => shown.map(({ view }) => view));
    return linked(reply, request.url, answer);
  }
}

function place(cursor: string | undefined, filter: object): DeliveryId | undefined {
  if (cursor === undefined) return undefined;
  const id = parsePublicId('delivery', readCursor(cursor, filter)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor as it came.');
  return id;
}
