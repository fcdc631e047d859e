import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  type Caller,
  CallerOf,
  cancelledEmailView,
  emailListItem,
  emailView,
  type EmailView,
  etag,
  ifMatchVersion,
  linkHeader,
  type ListView,
} from '#http';
import { Emails } from './emails.js';
import { CancelQuery, CreateQuery, EmailPatch, EmailQuery, EmailRequest } from './email.schema.js';
import { emailIdOf } from './not-found.js';
import { refused } from './refused.js';

/** Emails: what somebody wants to be sent, to whom and when (interface 3.1). */
@ApiTags('emails')
@Controller('v1/emails')
export class EmailsController {
  constructor(private readonly emails: Emails) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Schedule an email', description: 'Stored before it is answered. Without a time: now.' })
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: EmailRequest }) body: EmailRequest,
    @Query({ schema: CreateQuery }) query: z.infer<typeof CreateQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EmailView> {
    const dryRun = query.dryRun === 'true';
    const result = await this.emails.schedule.run(caller, body, { dryRun });
    if (result.kind === 'invalid') throw refused(result);
    const view = emailView(result.email);
    if (dryRun) void reply.status(200);
    else void reply.headers({ location: `/v1/emails/${view.id}`, etag: etag(view.version) });
    return view;
  }

  @Get()
  @ApiOperation({ summary: 'List emails, newest first' })
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: EmailQuery }) query: EmailQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<Omit<EmailView, 'text' | 'html'>>> {
    const page = await this.emails.list.run(caller, query, emailListItem, { bodies: false });
    const link = linkHeader(request.url, page);
    if (link) void reply.header('link', link);
    return page;
  }

  @Get(':id')
  @ApiOperation({ summary: 'One email with its copies' })
  async get(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EmailView> {
    const view = emailView(await this.emails.find(caller, id));
    void reply.header('etag', etag(view.version));
    return view;
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Edit an email that is not armed yet' })
  async edit(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: EmailPatch }) patch: EmailPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EmailView> {
    const result = await this.emails.edit.run(caller, emailIdOf(id), patch, ifMatchVersion(ifMatch));
    if (result.kind !== 'edited') throw refused(result);
    void reply.header('etag', etag(result.email.version));
    return emailView(result.email);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel an email', description: 'Copies that are not armed will never be sent.' })
  async cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: CancelQuery }) { wait }: z.infer<typeof CancelQuery>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReturnType<typeof cancelledEmailView>> {
    const options = { ifVersion: ifMatchVersion(ifMatch), waitSeconds: wait };
    const result = await this.emails.cancel.run(caller, emailIdOf(id), options);
    if (result.kind !== 'cancelled') throw refused(result);
    void reply.header('etag', etag(result.email.version));
    return cancelledEmailView(result.email);
  }
}
