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
  jobView,
  NeedsScope,
} from '#http';
import { Database } from '#storage';
import { CreateLoadTest } from './create-load-test.js';
import { LOAD_TEST_EXAMPLES } from './examples.js';
import { LoadTestRequest } from './load-test.schema.js';

/** Many emails to nobody, to see what this installation can do (interface 3.4). */
@ApiTags('jobs')
@Controller('v1/load-tests')
export class LoadTestsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(CreateLoadTest) private readonly create: CreateLoadTest,
  ) {}

  @Post()
  @NeedsScope('emails:write')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send up to 1,000,000 emails to made-up people of the sandbox',
    description:
      'Watched and steered as a job. Recipients follow from the seed, so the same request makes the same run.',
  })
  @ApiExamples('LoadTestRequest', LOAD_TEST_EXAMPLES)
  @ApiAnswer(202, JobSchema, { description: 'Stored; watch the job.', headers: ['Location'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('test_key_required', 'bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async post(
    @CallerOf() caller: Caller,
    @Body({ schema: LoadTestRequest }) body: LoadTestRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const request = { route: 'POST /v1/load-tests', header, says: body };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const job = await this.create.run(tx, caller, body);
      const view = jobView(job);
      return { status: 202, headers: { location: `/v1/jobs/${view.id}` }, body: view, jobId: job.id };
    });
    this.create.wake();
    return answer;
  }
}
