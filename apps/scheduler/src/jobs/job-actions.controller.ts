import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  answerOnce,
  ApiAction,
  ApiAnswer,
  ApiBodyProblems,
  ApiIdempotencyKey,
  ApiIfMatch,
  type Caller,
  CallerOf,
  etag,
  ifMatchVersion,
  JobSchema,
  jobView,
  NeedsScope,
} from '#http';
import { Database } from '#storage';
import { ChangeJob, type JobAction } from './change-job.js';
import { JobRetry } from './job.schema.js';

interface ActionHeaders {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
}

/** What can be done with a job (interface 3.4). */
@ApiTags('jobs')
@NeedsScope('emails:write')
@Controller('v1/jobs')
export class JobActionsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(ChangeJob) private readonly change: ChangeJob,
  ) {}

  @Post(':id/cancel')
  @ApiAction({
    summary: 'Cancel a job',
    description: 'What is not armed is never sent; rows that are not done stay as they are. Repeated: the same 200.',
    schema: JobSchema,
    problems: ['state_conflict'],
  })
  async cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('cancel', caller, id, headers, reply);
  }

  @Post(':id/pause')
  @ApiAction({
    summary: 'Pause a job',
    description: 'Nothing of it is sent or done until it is resumed.',
    schema: JobSchema,
    problems: ['state_conflict'],
  })
  async pause(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('pause', caller, id, headers, reply);
  }

  @Post(':id/resume')
  @ApiAction({
    summary: 'Let a paused job go on',
    schema: JobSchema,
    problems: ['state_conflict'],
  })
  async resume(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('resume', caller, id, headers, reply);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send again what ended badly',
    description: 'Only copies in the given states; the others are never sent twice. The job runs again.',
  })
  @ApiAnswer(202, JobSchema, { description: 'The same job, open again.', headers: ['Location', 'ETag'] })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiBodyProblems('not_found', 'state_conflict', 'version_mismatch', 'bad_idempotency_key', 'idempotency_key_reused')
  async retry(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: JobRetry }) { statuses }: JobRetry,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const header = headers['idempotency-key'];
    const ifVersion = ifMatchVersion(headers['if-match']);
    const request = { route: 'POST /v1/jobs/{id}/retry', header, says: { id, statuses } };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const job = await this.change.retry(tx, caller, id, statuses, ifVersion);
      const body = jobView(job);
      const sent = { location: `/v1/jobs/${body.id}`, etag: etag(body.version) };
      return { status: 202, headers: sent, body, jobId: job.id };
    });
    this.change.wake();
    return answer;
  }

  private async act(
    action: JobAction,
    caller: Caller,
    id: string,
    headers: ActionHeaders,
    reply: FastifyReply,
  ): Promise<object | string> {
    const header = headers['idempotency-key'];
    const ifVersion = ifMatchVersion(headers['if-match']);
    const request = { route: `POST /v1/jobs/{id}/${action}`, header, says: { id } };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const job = await this.change.run(tx, caller, id, action, ifVersion);
      const body = jobView(job);
      return { status: 200, headers: { etag: etag(body.version) }, body, jobId: job.id };
    });
    this.change.wake();
    return answer;
  }
}
