import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  type Caller,
  CallerOf,
  JobSchema,
  NeedsScope,
} from '#http';
import { Database } from '#storage';
import { BulkPreviewSchema } from './bulk-preview.schema.js';
import { BulkRequest } from './bulk.schema.js';
import { Bulk } from './bulk.js';
import { BULK_EXAMPLES } from './examples.js';

/** One action on many emails (interface 3.1). */
@ApiTags('emails')
@Controller('v1/emails')
export class BulkController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Bulk) private readonly bulk: Bulk,
  ) {}

  @Post('bulk')
  @NeedsScope('emails:write')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancel, pause, resume, send or change all emails that a filter finds',
    description:
      'Without `dryRun: false` nothing is changed. The work is a job over rows that goes on by itself after any restart; emails that are created later are not touched.',
  })
  @ApiExamples('BulkRequest', BULK_EXAMPLES)
  @ApiAnswer(200, BulkPreviewSchema, { description: 'The dry run: what would be touched.' })
  @ApiAnswer(202, JobSchema, { description: 'The job that does it.', headers: ['Location'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async run(
    @CallerOf() caller: Caller,
    @Body({ schema: BulkRequest }) body: BulkRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const request = { route: 'POST /v1/emails/bulk', header, says: body };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      if (body.dryRun) return { status: 200, body: await this.bulk.preview(tx, caller, body) };
      const { jobId, view } = await this.bulk.start(tx, caller, body);
      return { status: 202, headers: { location: `/v1/jobs/${view.id}` }, body: view, jobId };
    });
    if (!body.dryRun) this.bulk.wake();
    return answer;
  }
}
