import { Controller, Delete, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parsePublicId, type TenantId } from '#domain';
import {
  ApiAnswer,
  ApiProblems,
  type Caller,
  CallerOf,
  linked,
  ListSchema,
  type ListView,
  NeedsScope,
  Problem,
} from '#http';
import { Database, deleteMessages, sandboxStats } from '#storage';
import { DeleteQuery, ListQuery, StatsQuery, WaitQuery } from './inbox.schema.js';
import { Inbox } from './inbox.js';
import { DeletedSchema, ListedMessageSchema, MessageSchema, SandboxStatsSchema } from './message.schema.js';
import { type EnvelopeView, type MessageView, messageView, type StatsView, statsView } from './message.view.js';
import { openMessage } from './open-message.js';
import { WaitForMessages } from './wait-for-messages.js';

const bytesAs = (type: string) => ({ [type]: { schema: { type: 'string' as const, format: 'binary' } } });

type Messages = ListView<EnvelopeView | MessageView>;

const OF_TEST_MODE = 'test_key_required' as const;

/** The inbox of the sandbox over HTTP (interface 3.17). */
@ApiTags('sandbox')
@NeedsScope('emails:write')
@Controller('v1/sandbox')
export class InboxController {
  constructor(
    private readonly db: Database,
    private readonly inbox: Inbox,
    private readonly waitForMessages: WaitForMessages,
  ) {}

  @Get('messages')
  @ApiOperation({ summary: 'List the mail that the sandbox took, newest first' })
  @ApiAnswer(200, ListSchema(ListedMessageSchema), { description: 'A page.', headers: ['Link'] })
  @ApiProblems(OF_TEST_MODE, 'validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: ListQuery }) query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Messages> {
    const { fields, limit, after, before, ...filter } = query;
    const page = await this.inbox.list(inboxOf(caller), filter, { limit, after, before }, fields ?? 'whole');
    return linked(reply, request.url, page);
  }

  @Get('wait')
  @ApiOperation({ summary: 'Wait for mail', description: 'Answers as soon as there are `count`, else what there is.' })
  @ApiAnswer(200, ListSchema(ListedMessageSchema), { description: 'The newest.' })
  @ApiProblems(OF_TEST_MODE, 'validation_failed')
  async wait(
    @CallerOf() caller: Caller,
    @Query({ schema: WaitQuery }) query: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Messages> {
    const { fields, count, timeoutSeconds, ...filter } = query;
    const tenantId = inboxOf(caller);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const page = await this.waitForMessages.run(tenantId, filter, { count, timeoutSeconds, gone: gone.signal });
    return this.inbox.view(tenantId, filter, page, fields ?? 'whole');
  }

  @Get('stats')
  @ApiOperation({ summary: 'What the sandbox did with mail' })
  @ApiAnswer(200, SandboxStatsSchema, { description: 'Counted now.' })
  @ApiProblems(OF_TEST_MODE, 'validation_failed')
  async stats(@CallerOf() caller: Caller, @Query({ schema: StatsQuery }) query: StatsQuery): Promise<StatsView> {
    const tenantId = inboxOf(caller);
    return statsView(await sandboxStats(this.db.of(tenantId), tenantId, query));
  }

  @Get('messages/:id')
  @ApiOperation({ summary: 'One message, opened' })
  @ApiAnswer(200, MessageSchema, { description: 'As it came.' })
  @ApiProblems(OF_TEST_MODE, 'not_found')
  async read(@CallerOf() caller: Caller, @Param('id') id: string): Promise<MessageView> {
    const message = await this.message(caller, id);
    return messageView(message, await openMessage(message.raw));
  }

  @Get('messages/:id/raw')
  @ApiOperation({ summary: 'The source of a message' })
  @ApiResponse({ status: 200, description: 'Byte for byte.', content: bytesAs('message/rfc822') })
  @ApiProblems(OF_TEST_MODE, 'not_found')
  async raw(@CallerOf() caller: Caller, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const message = await this.message(caller, id);
    send(reply, 'message/rfc822', `${id}.eml`, message.raw);
  }

  @Get('messages/:id/attachments/:n')
  @ApiOperation({ summary: 'The bytes of an attachment' })
  @ApiParam({ name: 'n', schema: { type: 'integer', minimum: 0 } })
  @ApiResponse({ status: 200, description: 'Under the type that it came with.', content: bytesAs('*/*') })
  @ApiProblems(OF_TEST_MODE, 'not_found')
  async attachment(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Param('n') n: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const message = await this.message(caller, id);
    const { attachments } = await openMessage(message.raw);
    const attachment = /^\d{1,4}$/.test(n) ? attachments[Number(n)] : undefined;
    if (!attachment)
      throw new Problem('not_found', `The message has ${attachments.length} attachments, counted from 0.`);
    send(reply, attachment.contentType, attachment.filename ?? `attachment-${n}`, attachment.content);
  }

  @Delete('messages')
  @ApiOperation({ summary: 'Empty the inbox, or take out of it what passes the filter' })
  @ApiAnswer(200, DeletedSchema, { description: 'How many are gone.' })
  @ApiProblems(OF_TEST_MODE, 'validation_failed')
  async clear(
    @CallerOf() caller: Caller,
    @Query({ schema: DeleteQuery }) filter: DeleteQuery,
  ): Promise<{ deleted: number }> {
    const tenantId = inboxOf(caller);
    return { deleted: await deleteMessages(this.db.of(tenantId), tenantId, filter) };
  }

  private message(caller: Caller, id: string) {
    return this.inbox.read(inboxOf(caller), parsePublicId('sandbox_message', id));
  }
}

/** The sandbox is the test mode's: a live key has no inbox. */
function inboxOf({ mode, tenantId }: Caller): TenantId {
  if (mode !== 'test')
    throw new Problem('test_key_required', 'The sandbox belongs to test mode. Use a test key (mt_test_...).');
  return tenantId;
}

/** Bytes of strangers: to be saved, never to be run in a browser that trusts this origin. */
function send(reply: FastifyReply, contentType: string, filename: string, content: Buffer): void {
  const isPlainType = /^[\w.+-]+\/[\w.+-]+$/.test(contentType);
  void reply
    .type(isPlainType ? contentType : 'application/octet-stream')
    .header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(Buffer.from(filename).toString())}`,
    )
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .send(content);
}
