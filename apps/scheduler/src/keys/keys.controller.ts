import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parsePublicId } from '#domain';
import {
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
  Problem,
  requireVersion,
  showOnce,
  UNCHANGING,
} from '#http';
import { Database, getKey, revokeKey } from '#storage';
import { KEY_EXAMPLES } from './examples.js';
import { KeyQuery, KeyRequest, KeySchema, NewKeySchema } from './key.schema.js';
import { keyView, type KeyView } from './key.view.js';
import { pageOfKeys } from './list-keys.js';
import { makeKey } from './make-key.js';

const LOST = 'If it was lost, delete that key (GET /v1/keys finds it by its name) and make another one.';

const TEST_ONLY =
  'A test key makes test keys only: whoever holds it must not reach real mail. Use a live key, or `mailtide keys create`.';

const noSuchKey = (): Problem => new Problem('not_found', 'There is no such key.');

/** Keys: who may call, and what they may do (interface 3.5). */
@ApiTags('keys')
@NeedsScope('admin')
@Controller('v1/keys')
export class KeysController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Make a key',
    description: 'Its `secret` is shown once. A repeat under the same Idempotency-Key answers 409 `already_exists`.',
  })
  @ApiExamples('KeyRequest', KEY_EXAMPLES)
  @ApiAnswer(201, NewKeySchema, { description: 'Good at once.', headers: ['Location', 'ETag'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems(
    'live_key_required',
    'bad_idempotency_key',
    'already_exists',
    'idempotency_in_progress',
    'idempotency_key_reused',
  )
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: KeyRequest }) wish: KeyRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<KeyView & { readonly secret: string }> {
    const isTestKey = caller.mode === 'test' && caller.keyId !== null; // the developer at this machine has none
    if (isTestKey && wish.mode === 'live') throw new Problem('live_key_required', TEST_ONLY);
    const request = { route: 'POST /v1/keys', header, says: wish };
    const { key, secret } = await showOnce(this.db, caller, request, LOST, (tx) => makeKey(tx, caller, wish));
    const view = keyView(key);
    void reply.headers({ location: `/v1/keys/${view.id}`, etag: etag(UNCHANGING) });
    return { ...view, secret };
  }

  @Get()
  @ApiOperation({ summary: 'List keys of both modes, newest first', description: 'Without those that were deleted.' })
  @ApiAnswer(200, ListSchema(KeySchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: KeyQuery }) query: KeyQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<KeyView>> {
    const page = await pageOfKeys(this.db.of(caller.tenantId), caller, query);
    return linked(reply, request.url, page);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key', description: 'Dead everywhere within 5 s, its sockets too.' })
  @ApiResponse({ status: 204, description: 'It is no key any more.' })
  @ApiIfMatch()
  @ApiProblems('not_found', 'version_mismatch')
  async revoke(
    @CallerOf() { tenantId }: Caller,
    @Param('id') publicKeyId: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    const db = this.db.of(tenantId);
    const id = parsePublicId('key', publicKeyId);
    const key = id && (await getKey(db, tenantId, id));
    if (!key) throw noSuchKey();
    requireVersion(ifMatchVersion(ifMatch), UNCHANGING, keyView(key));
    const isRevoked = await revokeKey(db, tenantId, key.id);
    if (!isRevoked) throw noSuchKey();
  }
}
