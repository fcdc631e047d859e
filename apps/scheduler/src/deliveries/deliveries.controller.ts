import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type DeliveryId, parsePublicId, publicId } from '#domain';
import {
  type Caller,
  CallerOf,
  deliveryView,
  type DeliveryView,
  type ListView,
  Problem,
  readCursor,
  writeCursor,
} from '#http';
import { Database, getDelivery, listDeliveriesOfEmail, readDeliveries } from '#storage';
import { ForwardQuery } from '../emails/email.schema.js';
import { Emails } from '../emails/emails.js';

/** Deliveries: each recipient's copy with its attempts (interface 3.2). */
@ApiTags('deliveries')
@Controller('v1')
export class DeliveriesController {
  constructor(
    @Inject(Database) private readonly db: Database,
    private readonly emails: Emails,
  ) {}

  @Get('deliveries/:id')
  @ApiOperation({ summary: 'One delivery with its attempts' })
  async get(@CallerOf() caller: Caller, @Param('id') id: string): Promise<DeliveryView> {
    return deliveryView(await findDelivery(this.db, caller, id));
  }

  @Get('emails/:id/deliveries')
  @ApiOperation({ summary: 'The copies of an email, oldest first' })
  async listOfEmail(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: ForwardQuery }) { limit, after }: ForwardQuery,
  ): Promise<ListView<DeliveryView>> {
    const email = await this.emails.find(caller, id);
    const position = after === undefined ? undefined : parsePublicId('delivery', readCursor(after, { id })[0] ?? '');
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

/** A delivery by its public id; throws the problem `not_found`. */
export async function findDelivery(db: Database, caller: Caller, publicDeliveryId: string) {
  const id: DeliveryId | undefined = parsePublicId('delivery', publicDeliveryId);
  const delivery = id && (await getDelivery(db, caller.tenantId, caller.mode, id));
  if (!delivery) throw new Problem('not_found', 'There is no such delivery.');
  return delivery;
}
