import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  ApiProblems,
  type Caller,
  CallerOf,
  type JobAlias,
  jobAlias,
  jobFactView,
  NeedsScope,
} from '#http';
import { Database, type JobFilter, listJobs } from '#storage';
import { EmailJobSchema, EmailJobsSchema } from '../documents/email-job.schema.js';
import { SEND_EMAILS_EXAMPLES } from '../documents/examples.js';
import { ownerId } from '../emails/fields.js';
import { CreateLoadTest } from '../load-tests/create-load-test.js';
import { LoadTestRequest } from '../load-tests/load-test.schema.js';
import { SendEmailsRequest } from './send-emails.schema.js';

const AT_MOST = 1000;
const OPEN: readonly string[] = ['scheduled', 'running', 'paused'];
const DONE: readonly string[] = ['completed', 'completed_with_errors'];

/** Another system's calls onto load tests and jobs; only its field names live here (interface 6, S4). */
@ApiTags('aliases')
@Controller('email')
export class SendEmailsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(CreateLoadTest) private readonly create: CreateLoadTest,
  ) {}

  @Post('send-emails')
  @NeedsScope('emails:write')
  @HttpCode(202)
  @ApiOperation({ summary: 'Alias of POST /v1/load-tests' })
  @ApiExamples('SendEmailsRequest', SEND_EMAILS_EXAMPLES)
  @ApiAnswer(202, EmailJobSchema, { description: 'Stored; the work follows.', headers: ['Location', 'Link'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('test_key_required', 'bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async send(
    @CallerOf() caller: Caller,
    @Body({ schema: SendEmailsRequest }) body: SendEmailsRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const wish = LoadTestRequest.parse(body);
    const request = { route: 'POST /email/send-emails', header, says: body };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const job = await this.create.run(tx, caller, wish);
      const view = jobAlias(jobFactView(job));
      const path = `/v1/jobs/${view.jobId}`;
      return { status: 202, headers: { location: path, ...alternate(path) }, body: view, jobId: job.id };
    });
    this.create.wake();
    return answer;
  }

  @Get(':userId')
  @NeedsScope('emails:read')
  @ApiOperation({ summary: 'Alias of GET /v1/jobs?ownerId=: a user’s jobs that are not finished' })
  @ApiAnswer(200, EmailJobsSchema, { description: 'None for a user that is not known.', headers: ['Link'] })
  @ApiProblems()
  async open(
    @CallerOf() caller: Caller,
    @Param('userId') userId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAlias[]> {
    return this.list(caller, userId, { active: true }, OPEN, reply);
  }

  @Get(':userId/completed')
  @NeedsScope('emails:read')
  @ApiOperation({ summary: 'Alias of GET /v1/jobs?ownerId=: a user’s jobs that are completed' })
  @ApiAnswer(200, EmailJobsSchema, { description: 'None for a user that is not known.', headers: ['Link'] })
  @ApiProblems()
  async completed(
    @CallerOf() caller: Caller,
    @Param('userId') userId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAlias[]> {
    return this.list(caller, userId, { statuses: ['completed', 'completed_with_errors'] }, DONE, reply);
  }

  /** @param shown a job of single emails may have moved on since its row was noted */
  private async list(
    caller: Caller,
    userId: string,
    filter: JobFilter,
    shown: readonly string[],
    reply: FastifyReply,
  ): Promise<JobAlias[]> {
    void reply.headers(alternate(`/v1/jobs?ownerId=${encodeURIComponent(userId)}`));
    const owner = ownerId.safeParse(userId);
    if (!owner.success) return []; // nobody can have that name
    const page = await listJobs(
      this.db.of(caller.tenantId),
      caller,
      { ...filter, ownerId: owner.data },
      { limit: AT_MOST },
    );
    return page.rows.map((job) => jobAlias(jobFactView(job))).filter(({ status }) => shown.includes(status));
  }
}

const alternate = (path: string): { link: string } => ({ link: `<${path}>; rel="alternate"` });
