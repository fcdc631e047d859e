import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DeliveryId, type EmailId, parsePublicId, publicId } from '#domain';
import {
  ApiAnswer,
  ApiProblems,
  type Caller,
  CallerOf,
  DeliverySchema,
  deliveryView,
  type DeliveryView,
  etag,
  JobFailuresSchema,
  JobSchema,
  jobView,
  type JobView,
  linked,
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
import { findJob } from './find-job.js';
import { JobQuery } from './job.schema.js';
import { pageOfJobs } from './list-jobs.js';

/** Jobs: batches and work over many rows, watched and steered as one (interface 3.4). */
@ApiTags('jobs')
@NeedsScope('emails:read')
@Controller('v1/jobs')
export class JobsController {
  constructor(@Inject(Database) private readonly db: Database) {}

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
    return linked(reply, request.url, page);
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
