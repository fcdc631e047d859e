import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LimitScope } from '#domain';
import {
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
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
} from '#http';
import { Database, type LimitRow, type Queryable } from '#storage';
import { deleteLimit, type IfMatch, putLimit } from './change-limit.js';
import { LIMIT_EXAMPLES } from './examples.js';
import { findLimit, ownersOf, scopeIn } from './find-limit.js';
import { LimitQuery, LimitRequest, LimitSchema } from './limit.schema.js';
import type { LimitView } from './limit.view.js';
import { limitsInUse } from './limits-in-use.js';
import { pageOfLimits } from './list-limits.js';

const ApiScope = () =>
  ApiParam({
    name: 'scope',
    description:
      '`tenant`, `sender:{address or domain}`, `provider:{prv}`, `domain:{group}`, `campaign:{cmp}`, `contact`; `global` is only shown',
  });

/** How much may be sent in how long (interface 3.5). */
@ApiTags('limits')
@Controller('v1/limits')
export class LimitsController {
  constructor(@Inject(Database) private readonly db: Database) {}

  @Get()
  @NeedsScope('settings:read')
  @ApiOperation({
    summary: 'List the limits in force, newest first',
    description: 'Shared by both modes; what was used is that of the mode of the key.',
  })
  @ApiAnswer(200, ListSchema(LimitSchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: LimitQuery }) query: LimitQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<LimitView>> {
    return linked(reply, request.url, await pageOfLimits(ownersOf(this.db, caller), caller, query));
  }

  @Get(':scope')
  @NeedsScope('settings:read')
  @ApiOperation({ summary: 'A limit, what was used of it, and when one more may go' })
  @ApiScope()
  @ApiAnswer(200, LimitSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiProblems('not_found')
  async get(
    @CallerOf() caller: Caller,
    @Param('scope') scope: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LimitView> {
    const row = await findLimit(this.db, caller, scopeIn(scope));
    return this.shown(reply, ownersOf(this.db, caller), caller, row);
  }

  @Put(':scope')
  @NeedsScope('settings:write')
  @ApiOperation({
    summary: 'Set a limit',
    description:
      'Live at once. What was used before counts on, so nothing goes while a lower limit is used up. Needs `If-Match` where there is a limit already.',
  })
  @ApiScope()
  @ApiIfMatch()
  @ApiExamples('LimitRequest', LIMIT_EXAMPLES)
  @ApiAnswer(200, LimitSchema, { description: 'In force; there was one before.', headers: ['ETag'] })
  @ApiAnswer(201, LimitSchema, { description: 'In force; it is new.', headers: ['ETag', 'Location'] })
  @ApiBodyProblems('not_found', 'scope_missing', 'version_mismatch', 'if_match_required')
  async set(
    @CallerOf() caller: Caller,
    @Param('scope') text: string,
    @Body({ schema: LimitRequest }) { rules }: LimitRequest,
    @Headers('if-match') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LimitView> {
    const [scope, ifMatch] = [ownScope(text), ifMatchOf(header)];
    const db = this.db.of(caller.tenantId);
    const { row, isNew } = await db.transaction((tx) => putLimit(tx, caller, scope, rules, ifMatch));
    if (isNew) void reply.status(201).header('location', `/v1/limits/${encodeURIComponent(text)}`);
    return this.shown(reply, db, caller, row);
  }

  @Delete(':scope')
  @NeedsScope('settings:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a limit', description: 'Of a campaign: its `hourlyLimit`, too.' })
  @ApiScope()
  @ApiResponse({ status: 204, description: 'No longer in force.' })
  @ApiIfMatch()
  @ApiProblems('not_found', 'scope_missing', 'version_mismatch')
  async remove(
    @CallerOf() caller: Caller,
    @Param('scope') text: string,
    @Headers('if-match') header: string | undefined,
  ): Promise<void> {
    const [scope, ifMatch] = [ownScope(text), ifMatchOf(header)];
    await this.db.of(caller.tenantId).transaction((tx) => deleteLimit(tx, caller, scope, ifMatch));
  }

  private async shown(reply: FastifyReply, db: Queryable, { mode }: Caller, row: LimitRow): Promise<LimitView> {
    const [view] = await limitsInUse(db, mode, [row]);
    if (!view) throw new Error('a limit was not shown');
    void reply.header('etag', etag(view.version));
    return view;
  }
}

/** A scope that callers may set. */
function ownScope(text: string): LimitScope {
  const scope = scopeIn(text);
  if (scope !== 'global') return scope;
  throw new Problem(
    'scope_missing',
    'The limit of all tenants is set by whoever holds the database: mailtide limits set global.',
  );
}

const ifMatchOf = (header: string | undefined): IfMatch => ({
  given: header !== undefined,
  version: ifMatchVersion(header),
});
