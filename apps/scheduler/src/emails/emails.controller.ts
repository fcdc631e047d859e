import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIfMatch,
  ApiProblems,
  type Caller,
  CallerOf,
  emailListItem,
  EmailListItemSchema,
  EmailSchema,
  emailView,
  type EmailView,
  etag,
  ifMatchVersion,
  linked,
  ListSchema,
  type ListView,
  NeedsScope,
  ApiIdempotencyKey,
} from '#http';
import type { EmailRow } from '#storage';
import { EMAIL_EXAMPLES, PATCH_EXAMPLES } from '../documents/examples.js';
import { Emails } from './emails.js';
import { CreateQuery, EmailPatch, EmailQuery, EmailRequest } from './email.schema.js';
import { answerCreated, keyedRequest } from './answer-created.js';
import { emailIdOf } from './not-found.js';
import { createdAnswer } from './created-answer.js';
import { refused } from './refused.js';

const TOO_LATE = ['in_flight', 'already_sent', 'outcome_unknown', 'already_finished'] as const;

function dryRunAnswer(reply: FastifyReply, email: EmailRow): EmailView {
  void reply.status(200);
  return emailView(email);
}

/** Emails: what somebody wants to be sent, to whom and when (interface 3.1). */
@ApiTags('emails')
@Controller('v1/emails')
export class EmailsController {
  constructor(private readonly emails: Emails) {}

  @Post()
  @NeedsScope('emails:write')
  @HttpCode(202)
  @ApiOperation({ summary: 'Schedule an email', description: 'Stored before it is answered. Without a time: now.' })
  @ApiExamples('EmailRequest', EMAIL_EXAMPLES)
  @ApiAnswer(202, EmailSchema, { description: 'Stored; sent when it is due.', headers: ['Location', 'ETag'] })
  @ApiAnswer(200, EmailSchema, { description: 'With `dryRun=true`: as it would be; nothing was stored.' })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused')
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: EmailRequest }) body: EmailRequest,
    @Query({ schema: CreateQuery }) query: z.infer<typeof CreateQuery>,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const dryRun = query.dryRun === 'true';
    const keyed = keyedRequest('POST /v1/emails', header, body, createdAnswer);
    const result = await this.emails.schedule.run(caller, body, { dryRun, keyed });
    return dryRun && result.kind === 'scheduled'
      ? dryRunAnswer(reply, result.email)
      : answerCreated(reply, result, createdAnswer);
  }

  @Get()
  @NeedsScope('emails:read')
  @ApiOperation({ summary: 'List emails, newest first' })
  @ApiAnswer(200, ListSchema(EmailListItemSchema), { description: 'A page, without the bodies.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: EmailQuery }) query: EmailQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<Omit<EmailView, 'text' | 'html'>>> {
    const page = await this.emails.list.run(caller, query, emailListItem, { bodies: false });
    return linked(reply, request.url, page);
  }

  @Get(':id')
  @NeedsScope('emails:read')
  @ApiOperation({ summary: 'One email with its copies' })
  @ApiAnswer(200, EmailSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiProblems('not_found')
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
  @NeedsScope('emails:write')
  @ApiOperation({ summary: 'Edit an email that is not armed yet' })
  @ApiIfMatch()
  @ApiExamples('EmailPatch', PATCH_EXAMPLES)
  @ApiAnswer(200, EmailSchema, { description: 'The edit binds: nothing older will be sent.', headers: ['ETag'] })
  @ApiBodyProblems('not_found', ...TOO_LATE, 'state_conflict', 'version_mismatch')
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
}
