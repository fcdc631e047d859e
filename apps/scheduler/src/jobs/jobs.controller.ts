import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DeliveryId, type EmailId, parsePublicId, publicId } from '#domain';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiIdempotencyKey,
  ApiIfMatch,
  ApiProblems,
  type Caller,
  CallerOf,
  DeliverySchema,
  deliveryView,
  type DeliveryView,
  etag,
  ifMatchVersion,
  JobFailuresSchema,
  JobSchema,
  jobView,
  type JobView,
  linked,
  linkHeader,
  ListSchema,
  type ListView,
  pageOf,
  NeedsScope,
  Problem,
  readCursor,
  writeCursor,
} from '#http';
import {
  type CopyPlace,
  Database,
  deliveriesOfAudience,
  deliveriesOfJob,
  type JobFailure,
  jobFailures,
  readDeliveries,
} from '#storage';
import { PageQuery } from '../emails/email.schema.js';
import { ChangeJob, type JobAction } from './change-job.js';
import { findJob } from './find-job.js';
import { JobQuery, JobRetry } from './job.schema.js';
import { pageOfJobs } from './list-jobs.js';

interface ActionHeaders {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
}

/** Jobs: batches and work over many rows, watched and steered as one (interface 3.4). */
@ApiTags('jobs')
@NeedsScope('emails:read')
@Controller('v1/jobs')
export class JobsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(ChangeJob) private readonly change: ChangeJob,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List jobs, newest first' })
  @ApiAnswer(200, ListSchema(JobSchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: JobQuery }) query: JobQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<JobView>> {
    const page = await pageOfJobs(this.db.of(caller.tenantId), caller, query);
    const link = linkHeader(request.url, page);
    if (link) void reply.header('link', link);
    return page;
  }

  @Get(':id')
  @ApiOperation({ summary: 'One job, with where its work stands' })
  @ApiAnswer(200, JobSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiProblems('not_found')
  async get(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView> {
    const view = jobView(await findJob(this.db.of(caller.tenantId), caller, id));
    void reply.header('etag', etag(view.version));
    return view;
  }

  @Get(':id/deliveries')
  @ApiOperation({ summary: 'The copies of a job’s emails, newest first' })
  @ApiAnswer(200, ListSchema(DeliverySchema), { description: 'A page; none for jobs over rows.', headers: ['Link'] })
  @ApiProblems('not_found', 'validation_failed', 'bad_cursor')
  async deliveries(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<DeliveryView>> {
    const db = this.db.of(caller.tenantId);
    const job = await findJob(db, caller, id);
    const list = job.audience ? deliveriesOfAudience : deliveriesOfJob;
    const page = { limit: query.limit, after: place(query.after, { id }), before: place(query.before, { id }) };
    const places = await list(db, { tenantId: caller.tenantId, id: job.id }, page);
    const ids = places.map((copy) => copy.id);
    const rows = await readDeliveries(db, caller.tenantId, caller.mode, ids);
    const views = new Map(rows.map((row) => [row.id, deliveryView(row)]));
    const cursor = (copy: CopyPlace) => cursorAt(copy, { id });
    const answer = pageOf(places, query, cursor, (shown) => shown.flatMap((copy) => views.get(copy.id) ?? []));
    return linked(reply, request.url, answer);
  }

  @Get(':id/failures')
  @ApiOperation({ summary: 'Why copies or rows of a job ended badly, by reason' })
  @ApiAnswer(200, JobFailuresSchema, { description: 'All of it: there are few reasons.' })
  @ApiProblems('not_found')
  async failures(@CallerOf() caller: Caller, @Param('id') id: string): Promise<ListView<JobFailure>> {
    const db = this.db.of(caller.tenantId);
    const data = await jobFailures(db, await findJob(db, caller, id));
    return { object: 'list', data, hasMore: false, nextCursor: null, prevCursor: null };
  }

  @Post(':id/cancel')
  @NeedsScope('emails:write')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Cancel a job',
    description: 'What is not armed is never sent; rows that are not done stay as they are. Repeated: the same 200.',
  })
  @ApiAnswer(200, JobSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch', 'bad_idempotency_key', 'idempotency_key_reused')
  async cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('cancel', caller, id, headers, reply);
  }

  @Post(':id/pause')
  @NeedsScope('emails:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pause a job', description: 'Nothing of it is sent or done until it is resumed.' })
  @ApiAnswer(200, JobSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch', 'bad_idempotency_key', 'idempotency_key_reused')
  async pause(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('pause', caller, id, headers, reply);
  }

  @Post(':id/resume')
  @NeedsScope('emails:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a paused job go on' })
  @ApiAnswer(200, JobSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch', 'bad_idempotency_key', 'idempotency_key_reused')
  async resume(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('resume', caller, id, headers, reply);
  }

  @Post(':id/retry')
  @NeedsScope('emails:write')
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

const cursorAt = ({ emailId, id }: CopyPlace, filter: object): string =>
  writeCursor([publicId('email', emailId), publicId('delivery', id)], filter);

function place(cursor: string | undefined, filter: object): CopyPlace | undefined {
  if (cursor === undefined) return undefined;
  const [email = '', copy = ''] = readCursor(cursor, filter);
  const emailId: EmailId | undefined = parsePublicId('email', email);
  const id: DeliveryId | undefined = parsePublicId('delivery', copy);
  if (!emailId || !id) throw new Problem('bad_cursor', 'The cursor is not readable. Use nextCursor as it came.');
  return { emailId, id };
}
