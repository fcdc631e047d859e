import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DeliveryId, type EmailId, parsePublicId, publicId } from '#domain';
import {
  ApiAnswer,
  ApiProblems,
  type Caller,
  CallerOf,
  DeliverySchema,
  deliveryView,
  type DeliveryView,
  etag,
  linked,
  linkHeader,
  ListSchema,
  type ListView,
  Problem,
  readCursor,
  writeCursor,
  NeedsScope,
} from '#http';
import { Database, getDelivery, listDeliveriesOfEmail, type Queryable, readDeliveries } from '#storage';
import { ForwardQuery } from '../emails/email.schema.js';
import { Emails } from '../emails/emails.js';
import { DeliveryQuery } from './delivery.schema.js';
import { pageOfDeliveries } from './list-deliveries.js';

/** Deliveries: each recipient's copy with its attempts (interface 3.2). */
@ApiTags('deliveries')
@NeedsScope('emails:read')
@Controller('v1')
export class DeliveriesController {
  constructor(
    @Inject(Database) private readonly db: Database,
    private readonly emails: Emails,
  ) {}

  @Get('deliveries')
  @ApiOperation({ summary: 'List deliveries, newest first or in the order in which they come due' })
  @ApiAnswer(200, ListSchema(DeliverySchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: DeliveryQuery }) query: DeliveryQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<DeliveryView>> {
    const page = await this.db.of(caller.tenantId).transaction((tx) => pageOfDeliveries(tx, caller, query));
    const link = linkHeader(request.url, page);
    if (link) void reply.header('link', link);
    return page;
  }

  @Get('deliveries/:id')
  @ApiOperation({ summary: 'One delivery with its attempts' })
  @ApiAnswer(200, DeliverySchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiProblems('not_found')
  async get(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeliveryView> {
    const view = deliveryView(await findDelivery(this.db.of(caller.tenantId), caller, id));
    void reply.header('etag', etag(view.version));
    return view;
  }

  @Get('emails/:id/deliveries')
  @ApiOperation({ summary: 'The copies of an email, oldest first' })
  @ApiAnswer(200, ListSchema(DeliverySchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async listOfEmail(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: ForwardQuery }) query: ForwardQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<DeliveryView>> {
    const email = await this.emails.find(caller, id);
    const db = this.db.of(caller.tenantId);
    const page = await pageOfDeliveriesOf(db, caller, { id, emailId: email.id }, query);
    return linked(reply, request.url, page);
  }
}

/** A page of the copies of one email, oldest first. `id`: its public id. */
export async function pageOfDeliveriesOf(
  db: Queryable,
  caller: Caller,
  { id, emailId }: { readonly id: string; readonly emailId: EmailId },
  { limit, after }: ForwardQuery,
): Promise<ListView<DeliveryView>> {
  const position = after === undefined ? undefined : place(after, { id });
  const ids = await listDeliveriesOfEmail(db, caller, emailId, { limit, after: position });
  const shown = ids.slice(0, limit);
  const hasMore = ids.length > limit;
  const rows = await readDeliveries(db, caller.tenantId, caller.mode, shown);
  const last = shown.at(-1);
  return {
    object: 'list',
    data: rows.map(deliveryView),
    hasMore,
    nextCursor: hasMore && last ? writeCursor([publicId('delivery', last)], { id }) : null,
    prevCursor: null,
  };
}

function place(cursor: string, filter: object): DeliveryId {
  const id = parsePublicId('delivery', readCursor(cursor, filter)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor as it came.');
  return id;
}

/** A delivery by its public id; throws the problem `not_found`. */
export async function findDelivery(db: Queryable, caller: Caller, publicDeliveryId: string) {
  const id: DeliveryId | undefined = parsePublicId('delivery', publicDeliveryId);
  const delivery = id && (await getDelivery(db, caller.tenantId, caller.mode, id));
  if (!delivery) throw new Problem('not_found', 'There is no such delivery.');
  return delivery;
}
