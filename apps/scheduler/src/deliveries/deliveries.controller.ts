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
  ListSchema,
  type ListView,
  pageOf,
  Problem,
  readCursor,
  writeCursor,
  NeedsScope,
} from '#http';
import { Database, getDelivery, listDeliveriesOfEmail, type Queryable, readDeliveries } from '#storage';
import { PageQuery } from '../emails/email.schema.js';
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
    return linked(reply, request.url, page);
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
    @Query({ schema: PageQuery }) query: PageQuery,
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
  query: PageQuery,
): Promise<ListView<DeliveryView>> {
  const { limit, after, before } = query;
  const page = { limit, after: place(after, { id }), before: place(before, { id }) };
  const ids = await listDeliveriesOfEmail(db, caller, emailId, page);
  const rows = await readDeliveries(db, caller.tenantId, caller.mode, ids);
  const views = new Map(rows.map((row) => [row.id, deliveryView(row)]));
  const cursorAt = (last: DeliveryId) => writeCursor([publicId('delivery', last)], { id });
  return pageOf(ids, query, cursorAt, (shown) => shown.flatMap((one) => views.get(one) ?? []));
}

function place(cursor: string | undefined, filter: object): DeliveryId | undefined {
  if (cursor === undefined) return undefined;
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
