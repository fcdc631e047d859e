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
  jobView,
  NeedsScope,
} from '#http';
import { Database } from '#storage';
import { BatchSchema } from './batch-item.view.js';
import { BatchEnvelope } from './batch.schema.js';
import { Batches } from './batches.js';
import { checkItems } from './check-items.js';
import { BATCH_EXAMPLES } from './examples.js';

/** Many emails in one call (interface 3.1). */
@ApiTags('emails')
@Controller('v1/emails')
export class BatchController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Batches) private readonly batches: Batches,
  ) {}

  @Post('batch')
  @NeedsScope('emails:write')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Schedule up to 1,000 emails as one job',
    description:
      'All of them are stored in one transaction. `strict`: one wrong email refuses all of them (422, pointers like `/emails/3/to`). `permissive`: the good ones are taken, the others are listed with their errors.',
  })
  @ApiExamples('BatchRequest', BATCH_EXAMPLES)
  @ApiAnswer(202, BatchSchema, { description: 'Stored; watch the job.', headers: ['Location'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: BatchEnvelope }) body: BatchEnvelope,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const items = await checkItems(body.emails);
    const request = { route: 'POST /v1/emails/batch', header, says: body };
    let told = (): void => undefined;
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const batch = await this.batches.create.run(tx, caller, items, body.mode);
      told = () => this.batches.created(batch);
      const view = { ...jobView(batch.job), items: batch.items };
      return { status: 202, headers: { location: `/v1/jobs/${view.id}` }, body: view, jobId: batch.job.id };
    });
    told(); // only what is committed is counted
    return answer;
  }
}
