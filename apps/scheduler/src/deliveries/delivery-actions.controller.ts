import { Controller, Headers, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { parsePublicId, type TooLate } from '#domain';
import {
  type ActionAnswer,
  answerOnce,
  ApiAction,
  type Caller,
  CallerOf,
  DeliverySchema,
  deliveryView,
  etag,
  ifMatchVersion,
  NeedsScope,
  Problem,
} from '#http';
import { Database, type Queryable } from '#storage';
import { CancelQuery } from '../emails/email-actions.schema.js';
import { inFlight, untilSettled } from '../emails/until-settled.js';
import { cancelDelivery } from './cancel-delivery.js';
import { findDelivery } from './deliveries.controller.js';

/** What can be done to one copy by itself (interface 3.2). */
@ApiTags('deliveries')
@NeedsScope('emails:write')
@Controller('v1/deliveries')
export class DeliveryActionsController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Post(':id/cancel')
  @ApiAction({
    summary: 'Cancel one copy',
    description: 'It will never be sent; the other copies of its email go on.',
    schema: DeliverySchema,
    answers: 'Cancelled; the same again.',
    problems: ['validation_failed', 'in_flight', 'already_sent', 'outcome_unknown', 'already_finished'],
  })
  async cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: CancelQuery }) { wait }: CancelQuery,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const ifVersion = ifMatchVersion(ifMatch);
    const request = { route: 'POST /v1/deliveries/{id}/cancel', header, says: { id, wait } };
    const attempt = () =>
      answerOnce(reply, this.db, caller, request, (tx) => answer(tx, caller, id, ifVersion)).catch(inFlight);
    const result = await untilSettled(attempt, (one) => one instanceof Problem, wait);
    if (result instanceof Problem) throw result;
    return result;
  }
}

async function answer(
  tx: Queryable,
  caller: Caller,
  publicDeliveryId: string,
  ifVersion: number | undefined,
): Promise<ActionAnswer | Problem> {
  const id = parsePublicId('delivery', publicDeliveryId);
  const result = id ? await cancelDelivery(tx, caller, id, ifVersion) : { kind: 'not_found' as const };
  if (result.kind === 'not_found') return new Problem('not_found', 'There is no such delivery.');
  const delivery = await findDelivery(tx, caller, publicDeliveryId);
  const body = deliveryView(delivery);
  switch (result.kind) {
    case 'stale':
      return new Problem(
        'version_mismatch',
        `The delivery is at version "${body.version}" now. Read it again and decide anew.`,
        { current: body },
      );
    case 'too_late': {
      const detail = `${body.id} has been "${body.status}" since ${result.at}: ${WHAT_NOW[result.code]}`;
      return new Problem(result.code, detail, { current: { status: body.status, at: result.at } });
    }
    case 'cancelled':
      return { status: 200, headers: { etag: etag(body.version) }, body, emailId: delivery.email_id };
  }
}

const WHAT_NOW: Readonly<Record<TooLate, string>> = {
  in_flight: 'it is at the server now. Ask again with ?wait=10 to learn how that ended.',
  already_sent: 'it cannot be called back.',
  outcome_unknown: 'the server never answered, so it may have arrived; it will not be sent again.',
  already_finished: 'it has come to its end.',
};
