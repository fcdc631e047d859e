import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
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
  DeadLetterListItemSchema,
  type DeadLetterListItem,
  DeadLetterSchema,
  deadLetterView,
  type DeadLetterView,
  etag,
  ifMatchVersion,
  JobSchema,
  linked,
  ListSchema,
  type ListView,
  NeedsScope,
} from '#http';
import { Database } from '#storage';
import { DeadLetterQuery, Discard, RedrivePreviewSchema, RedriveRequest } from './dead-letter.schema.js';
import { discard, versionOf } from './discard-dead-letter.js';
import { DISCARD_EXAMPLES, REDRIVE_EXAMPLES } from './examples.js';
import { findDeadLetter, pageOfDeadLetters } from './list-dead-letters.js';
import { Redrive } from './redrive.js';

const KEY_PROBLEMS = ['bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress'] as const;

/** Dead letters: what nobody could send or read, kept until a person decides (interface 3.6). */
@ApiTags('dead letters')
@NeedsScope('ops')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Redrive) private readonly redrive: Redrive,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List dead letters, newest first' })
  @ApiAnswer(200, ListSchema(DeadLetterListItemSchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: DeadLetterQuery }) query: DeadLetterQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<DeadLetterListItem>> {
    const page = await this.db.of(caller.tenantId).transaction((tx) => pageOfDeadLetters(tx, caller, query));
    return linked(reply, request.url, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One dead letter with its conversation and payload' })
  @ApiAnswer(200, DeadLetterSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiProblems('not_found')
  async get(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeadLetterView> {
    const letter = await findDeadLetter(this.db.of(caller.tenantId), caller, id);
    void reply.header('etag', etag(versionOf(letter)));
    return deadLetterView(letter);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Discard a dead letter', description: 'It stays listed. Repeated: the same 200.' })
  @ApiExamples('Discard', DISCARD_EXAMPLES)
  @ApiAnswer(200, DeadLetterSchema, { description: 'Discarded.', headers: ['ETag'] })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiBodyProblems('not_found', 'state_conflict', 'version_mismatch', ...KEY_PROBLEMS)
  discard(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: Discard }) { reason }: Discard,
    @Headers('idempotency-key') header: string | undefined,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const request = { route: 'POST /v1/dead-letters/{id}/discard', header, says: { id, reason } };
    const ifVersion = ifMatchVersion(ifMatch);
    return answerOnce(reply, this.db, caller, request, async (tx) => {
      const letter = await discard(tx, caller, { id, reason, ifVersion });
      return { status: 200, headers: { etag: etag(versionOf(letter)) }, body: deadLetterView(letter) };
    });
  }

  @Post('redrive')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send dead letters again',
    description:
      'Without `dryRun: false` nothing is sent, and the answer says what would be and what would not, and why. The work is a job over rows: each delivery is scheduled under a new epoch, its dead letter closed with it.',
  })
  @ApiExamples('RedriveRequest', REDRIVE_EXAMPLES)
  @ApiAnswer(200, RedrivePreviewSchema, { description: 'The dry run.' })
  @ApiAnswer(202, JobSchema, { description: 'The job that does it.', headers: ['Location'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems(...KEY_PROBLEMS)
  async run(
    @CallerOf() caller: Caller,
    @Body({ schema: RedriveRequest }) body: RedriveRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const request = { route: 'POST /v1/dead-letters/redrive', header, says: body };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      if (body.dryRun) return { status: 200, body: await this.redrive.preview(tx, caller, body) };
      const { jobId, view } = await this.redrive.start(tx, caller, body);
      return { status: 202, headers: { location: `/v1/jobs/${view.id}` }, body: view, jobId };
    });
    if (!body.dryRun) this.redrive.wake();
    return answer;
  }
}
