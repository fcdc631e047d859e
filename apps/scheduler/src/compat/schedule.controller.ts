import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
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
  ifMatchVersion,
  linked,
  ListSchema,
  type ListView,
  NeedsScope,
  ApiIdempotencyKey,
} from '#http';
import { SCHEDULE_EXAMPLES } from '../documents/examples.js';
import { ScheduledSchema } from '../documents/scheduled.schema.js';
import type { EmailPatch } from '../emails/email.schema.js';
import { Emails } from '../emails/emails.js';
import type { EmailRow } from '#storage';
import { answerCreated, keyedRequest } from '../emails/answer-created.js';
import { emailIdOf } from '../emails/not-found.js';
import type { CreatedAnswer } from '../emails/keyed-answer.js';
import { type Refused, refused } from '../emails/refused.js';
import { ScheduleChange, ScheduledQuery, ScheduleRequest } from './schedule.schema.js';
import { looksLikeHtml, scheduledView, type ScheduledView } from './schedule.view.js';

const TOO_LATE = ['in_flight', 'already_sent', 'outcome_unknown', 'already_finished'] as const;

/** The first system's calls onto the same use cases; only its field names live here (interface 6, S0). */
@ApiTags('aliases')
@Controller()
export class ScheduleController {
  constructor(private readonly emails: Emails) {}

  @Post('schedule')
  @NeedsScope('emails:write')
  @HttpCode(201)
  @ApiOperation({ summary: 'Alias of POST /v1/emails: each recipient gets a private copy' })
  @ApiExamples('ScheduleRequest', SCHEDULE_EXAMPLES)
  @ApiAnswer(201, ScheduledSchema, { description: 'Stored; sent when it is due.', headers: ['Location', 'Link'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused')
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: ScheduleRequest }) body: ScheduleChange,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const wish = {
      to: body.recipients ?? [],
      subject: body.subject ?? '',
      ...bodyFields(body),
      ...body.time,
      visibility: 'individual' as const,
      ownerId: body.ownerId,
    };
    const keyed = keyedRequest('POST /schedule', header, body, createdAnswer);
    const result = await this.emails.schedule.run(caller, wish, { dryRun: false, keyed });
    if (result.kind === 'invalid') throw refused(inSeedNames(result));
    return answerCreated(reply, result, createdAnswer);
  }

  @Get('emails')
  @NeedsScope('emails:read')
  @ApiOperation({ summary: 'Alias of GET /v1/emails' })
  @ApiAnswer(200, ListSchema(ScheduledSchema), { description: 'A page, newest first.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: ScheduledQuery }) { status, ...page }: z.infer<typeof ScheduledQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<ScheduledView>> {
    void reply.headers(alternate('/v1/emails'));
    const query = { ...page, ...(status && { status: [status] }) };
    return linked(reply, request.url, await this.emails.list.run(caller, query, scheduledView, { bodies: true }));
  }

  @Put('emails/:id')
  @NeedsScope('emails:write')
  @ApiOperation({ summary: 'Alias of PATCH /v1/emails/{id}: absent fields stay' })
  @ApiIfMatch()
  @ApiAnswer(200, ScheduledSchema, { description: 'The edit binds.', headers: ['Link'] })
  @ApiBodyProblems('not_found', ...TOO_LATE, 'state_conflict', 'version_mismatch')
  async edit(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: ScheduleChange }) body: ScheduleChange,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduledView> {
    const result = await this.emails.edit.run(caller, emailIdOf(id), patchOf(body), ifMatchVersion(ifMatch));
    if (result.kind !== 'edited') throw refused(inSeedNames(result));
    void reply.headers(alternate(`/v1/emails/${id}`));
    return scheduledView(result.email);
  }

  @Delete('emails/:id')
  @NeedsScope('emails:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Alias of POST /v1/emails/{id}/cancel' })
  @ApiIfMatch()
  @ApiAnswer(200, ScheduledSchema, { description: 'Cancelled; the same again.', headers: ['Link'] })
  @ApiProblems('not_found', ...TOO_LATE, 'version_mismatch')
  async cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduledView> {
    const options = { ifVersion: ifMatchVersion(ifMatch), waitSeconds: 0 };
    const result = await this.emails.cancel.run(caller, emailIdOf(id), options);
    if (result.kind !== 'cancelled') throw refused(result);
    void reply.headers(alternate(`/v1/emails/${id}`));
    return scheduledView(result.email);
  }
}

const createdAnswer = (email: EmailRow): CreatedAnswer => {
  const body = scheduledView(email);
  return { status: 201, headers: { location: `/emails/${body.id}`, ...alternate(`/v1/emails/${body.id}`) }, body };
};

/** Which body a text becomes; the other one is none. */
function bodyFields({ body, isHtml }: ScheduleChange): { text?: string; html?: string } {
  if (body === undefined) return {};
  return (isHtml ?? looksLikeHtml(body)) ? { html: body } : { text: body };
}

function patchOf(body: ScheduleChange): EmailPatch {
  const { text, html } = bodyFields(body);
  return {
    ...(body.recipients && { to: body.recipients }),
    ...(body.subject !== undefined && { subject: body.subject }),
    ...(body.body !== undefined && { text: text ?? null, html: html ?? null }),
    ...body.time,
    ...(body.ownerId !== undefined && { ownerId: body.ownerId }),
  };
}

const SEED_POINTERS: Readonly<Record<string, string>> = {
  '/to': '/recipients',
  '/text': '/body',
  '/scheduledAt': '/deliveryTime',
  '/schedule': '/deliveryTime',
  '/schedule/local': '/deliveryTime',
};

/** What the use cases found wrong, under the names that this caller knows. */
function inSeedNames(result: Refused): Refused {
  if (result.kind !== 'invalid') return result;
  const errors = result.errors.map((error) =>
    'pointer' in error ? { ...error, pointer: SEED_POINTERS[error.pointer] ?? error.pointer } : error,
  );
  return { ...result, errors };
}

const alternate = (path: string): { link: string } => ({ link: `<${path}>; rel="alternate"` });
