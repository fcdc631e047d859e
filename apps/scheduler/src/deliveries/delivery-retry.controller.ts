import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type DeliveryId, parsePublicId } from '#domain';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  ApiIfMatch,
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
import { DeliveryResolution, DeliveryRetry } from './delivery.schema.js';
import { findDelivery } from './deliveries.controller.js';
import { RESOLVE_EXAMPLES, RETRY_EXAMPLES } from './examples.js';
import { resolveUnknown, retryDelivery } from './resolve-or-retry.js';

const PROBLEMS = [
  'not_found',
  'state_conflict',
  'version_mismatch',
  'bad_idempotency_key',
  'idempotency_key_reused',
  'idempotency_in_progress',
] as const;

interface ActionHeaders {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
}

type Work = (tx: Queryable, id: DeliveryId, ifVersion: number | undefined) => Promise<void>;

/** What a person decides about deliveries that ended badly (interface 3.2). */
@ApiTags('deliveries')
@NeedsScope('emails:write')
@Controller('v1/deliveries')
export class DeliveryRetryController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send a delivery again that ended badly',
    description:
      'Only `failed`, `expired`, and `unknown` with `confirmUnknown`. It is due now, or when its windows open next, under a new epoch, with a new budget of time for retries. Its dead letter is closed, its job runs again; where its email is paused it waits for the resume.',
  })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiExamples('DeliveryRetry', RETRY_EXAMPLES)
  @ApiAnswer(200, DeliverySchema, { description: 'Scheduled again.', headers: ['ETag'] })
  @ApiBodyProblems(...PROBLEMS)
  retry(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: DeliveryRetry }) body: DeliveryRetry,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.once({ reply, caller, id, headers, action: 'retry', says: body }, (tx, deliveryId, ifVersion) =>
      retryDelivery(tx, caller, deliveryId, body, ifVersion),
    );
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Say how an unknown delivery ended',
    description:
      'Only `unknown` ones. `sent` and `failed` end it with the reason `resolved_by_user`; `resend` sends it once more, marked as a possible duplicate, whatever its `onUnknown`.',
  })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiExamples('DeliveryResolution', RESOLVE_EXAMPLES)
  @ApiAnswer(200, DeliverySchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiBodyProblems(...PROBLEMS)
  resolve(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: DeliveryResolution }) body: DeliveryResolution,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.once({ reply, caller, id, headers, action: 'resolve', says: body }, (tx, deliveryId, ifVersion) =>
      resolveUnknown(tx, caller, deliveryId, body, ifVersion),
    );
  }

  private async once({ reply, caller, id, headers, action, says }: Act, work: Work): Promise<object | string> {
    const deliveryId = parsePublicId('delivery', id);
    if (!deliveryId) throw new Problem('not_found', 'There is no such delivery.');
    const ifVersion = ifMatchVersion(headers['if-match']);
    const route = `POST /v1/deliveries/{id}/${action}`;
    const request = { route, header: headers['idempotency-key'], says: { id, ...says } };
    return answerOnce(reply, this.db, caller, request, async (tx) => {
      await work(tx, deliveryId, ifVersion);
      const delivery = await findDelivery(tx, caller, id);
      const body = deliveryView(delivery);
      return { status: 200, headers: { etag: etag(body.version) }, body, emailId: delivery.email_id };
    });
  }
}

interface Act {
  readonly reply: FastifyReply;
  readonly caller: Caller;
  readonly id: string;
  readonly headers: ActionHeaders;
  readonly action: 'retry' | 'resolve';
  readonly says: object;
}
