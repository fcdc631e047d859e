import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  ApiIfMatch,
  ApiProblems,
  type Caller,
  CallerOf,
  etag,
  ifMatchVersion,
  linked,
  ListSchema,
  type ListView,
  NeedsScope,
  requireVersion,
  UNCHANGING,
} from '#http';
import { Database, findSuppressions, liftSuppression } from '#storage';
import { suppress } from './add-suppression.js';
import { CHECK_EXAMPLES, SUPPRESSION_EXAMPLES } from './examples.js';
import { findSuppression, namedIn, noSuchSuppression } from './find-suppression.js';
import { pageOfSuppressions } from './list-suppressions.js';
import {
  SuppressedSchema,
  SuppressionCheck,
  SuppressionQuery,
  SuppressionRequest,
  SuppressionSchema,
} from './suppression.schema.js';
import { suppressionView, type SuppressionView } from './suppression.view.js';

/** Suppressions: addresses that get nothing more, and why (interface 3.8). */
@ApiTags('suppressions')
@Controller('v1/suppressions')
export class SuppressionsController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Post()
  @NeedsScope('contacts:write')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Suppress an address',
    description: 'Nothing is sent to it from now on: what is scheduled ends as `suppressed` when its time has come.',
  })
  @ApiExamples('SuppressionRequest', SUPPRESSION_EXAMPLES)
  @ApiAnswer(201, SuppressionSchema, { description: 'In force.', headers: ['Location', 'ETag'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('already_exists', 'bad_idempotency_key', 'idempotency_in_progress', 'idempotency_key_reused')
  create(
    @CallerOf() caller: Caller,
    @Body({ schema: SuppressionRequest }) body: SuppressionRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const request = { route: 'POST /v1/suppressions', header, says: body };
    return answerOnce(reply, this.db, caller, request, async (tx) => {
      const view = await suppress(tx, caller, body);
      return { status: 201, headers: { location: `/v1/suppressions/${view.id}`, etag: etag(UNCHANGING) }, body: view };
    });
  }

  @Get()
  @NeedsScope('contacts:read')
  @ApiOperation({ summary: 'List the suppressions in force, newest first' })
  @ApiAnswer(200, ListSchema(SuppressionSchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: SuppressionQuery }) query: SuppressionQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<SuppressionView>> {
    const page = await pageOfSuppressions(this.db.of(caller.tenantId), caller, query);
    return linked(reply, request.url, page);
  }

  @Post('check')
  @NeedsScope('contacts:read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Which of these addresses are suppressed' })
  @ApiExamples('SuppressionCheck', CHECK_EXAMPLES)
  @ApiAnswer(200, SuppressedSchema, { description: 'Their suppressions in force, oldest first.' })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_in_progress', 'idempotency_key_reused')
  check(
    @CallerOf() caller: Caller,
    @Body({ schema: SuppressionCheck }) body: SuppressionCheck,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const keys = [...new Set(body.addresses.map(({ key }) => key))];
    const request = { route: 'POST /v1/suppressions/check', header, says: body };
    return answerOnce(reply, this.db, caller, request, async (tx) => {
      const found = await findSuppressions(tx, caller, keys);
      return { status: 200, body: { suppressed: found.map(suppressionView) } };
    });
  }

  @Get(':idOrAddress')
  @NeedsScope('contacts:read')
  @ApiOperation({ summary: 'Why an address is suppressed', description: 'Of two scopes the wider one.' })
  @ApiAnswer(200, SuppressionSchema, { description: 'In force.', headers: ['ETag'] })
  @ApiProblems('not_found')
  async get(
    @CallerOf() caller: Caller,
    @Param('idOrAddress') idOrAddress: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SuppressionView> {
    void reply.header('etag', etag(UNCHANGING));
    return suppressionView(await findSuppression(this.db.of(caller.tenantId), caller, idOrAddress));
  }

  @Delete(':idOrAddress')
  @NeedsScope('contacts:write')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Lift a suppression, or all of an address',
    description: 'The address may be written to again. What ended as `suppressed` stays so.',
  })
  @ApiResponse({ status: 204, description: 'No longer in force.' })
  @ApiIfMatch()
  @ApiProblems('not_found', 'version_mismatch')
  async remove(
    @CallerOf() caller: Caller,
    @Param('idOrAddress') idOrAddress: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    const db = this.db.of(caller.tenantId);
    const found = await findSuppression(db, caller, idOrAddress);
    requireVersion(ifMatchVersion(ifMatch), UNCHANGING, suppressionView(found));
    const lifted = await liftSuppression(db, caller, namedIn(idOrAddress));
    if (lifted === 0) throw noSuchSuppression();
  }
}
