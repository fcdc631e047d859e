import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type DeliveryId, parsePublicId, publicId } from '#domain';
import {
  ApiAnswer,
  ApiProblems,
  type Caller,
  CallerOf,
  DeliverySchema,
  deliveryView,
  type DeliveryView,
  ListSchema,
  type ListView,
  Problem,
  readCursor,
  writeCursor,
  NeedsScope,
} from '#http';
import { Database, getDelivery, listDeliveriesOfEmail, readDeliveries } from '#storage';
import { ForwardQuery } from '../emails/email.schema.js';
import { Emails } from '../emails/emails.js';

/** Deliveries: each recipient's copy with its attempts (interface 3.2). */
@ApiTags('deliveries')
@NeedsScope('emails:read')
@Controller('v1')
export class DeliveriesController {
  constructor(
    @Inject(Database) private readonly db: Database,
    private readonly emails: Emails,
  ) {}

  @Get('deliveries/:id')
  @ApiOperation({ summary: 'One delivery with its attempts' })
  @ApiAnswer(200, DeliverySchema, { description: 'As it is now.' })
  @ApiProblems('not_found')
  async get(@CallerOf() caller: Caller, @Param('id') id: string): Promise<DeliveryView> {
    return deliveryView(await findDelivery(this.db, caller, id));
  }

  @Get('emails/:id/deliveries')
  @ApiOperation({ summary: 'The copies of an email, oldest first' })
  @ApiAnswer(200, ListSchema(DeliverySchema), { description: 'A page.' })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async listOfEmail(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: ForwardQuery }) { limit, after }: ForwardQuery,
  ): Promise<ListView<DeliveryView>> {
    const email = await this.emails.find(caller, id);
    const position = after === undefined ? undefined : place(after, { id });
    const ids = await listDeliveriesOfEmail(this.db, caller, email.id, { limit, after: position });
    const shown = ids.slice(0, limit);
    const hasMore = ids.length > limit;
    const rows = await readDeliveries(this.db, caller.tenantId, caller.mode, shown);
    const last = shown.at(-1);
    return {
      object: 'list',
      data: rows.map(deliveryView),
      hasMore,
      nextCursor: hasMore && last ? writeCursor([publicId('delivery', last)], { id }) : null,
      prevCursor: null,
    };
  }
}

function place(cursor: string, filter: object): DeliveryId {
  const id = parsePublicId('delivery', readCursor(cursor, filter)[0] ?? '');
  if (!id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor as it came.');
  return id;
}

/** A delivery by its public id; throws the problem `not_found`. */
export async function findDelivery(db: Database, caller: Caller, publicDeliveryId: string) {
  const id: DeliveryId | undefined = parsePublicId('delivery', publicDeliveryId);
  const delivery = id && (await getDelivery(db, caller.tenantId, caller.mode, id));
  if (!delivery) throw new Problem('not_found', 'There is no such delivery.');
  return delivery;
}
