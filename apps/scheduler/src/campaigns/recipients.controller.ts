import { Controller, Headers, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RECIPIENT_TYPES, type RecipientType } from '#content';
import {
  ApiAnswer,
  ApiIdempotencyKey,
  ApiIfMatch,
  ApiProblems,
  type Caller,
  CallerOf,
  ifMatchVersion,
  NeedsScope,
  Problem,
  sendStored,
} from '#http';
import { Campaigns } from './campaigns.js';
import { UploadedSchema } from './uploaded.schema.js';

const KEY_PROBLEMS = ['bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress'] as const;

interface UploadHeaders {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
  readonly 'content-type'?: string;
}

/** Who a campaign goes to, streamed into its draft (interface 3.3). */
@ApiTags('campaigns')
@NeedsScope('emails:write')
@Controller('v1/campaigns')
export class RecipientsController {
  constructor(@Inject(Campaigns) private readonly campaigns: Campaigns) {}

  @Post(':id/recipients')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Upload recipients to a draft',
    description:
      'CSV with a header row (`to` or `email`, optional `name` and `timeZone`, the rest is `data`), or a line each of JSON: an address or `{to, name, timeZone, data}`. Repeatable. Of an upload that is cut nothing is accepted.',
  })
  @ApiConsumes(...RECIPIENT_TYPES)
  @ApiBody({ schema: { type: 'string', examples: ['to,name\nada@example.com,Ada\n'] } })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAnswer(200, UploadedSchema, { description: 'Accepted as a whole.' })
  @ApiProblems(
    'bad_json',
    'not_found',
    'state_conflict',
    'version_mismatch',
    'too_large',
    'unsupported_media_type',
    'validation_failed',
    ...KEY_PROBLEMS,
  )
  async upload(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: UploadHeaders,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const type = RECIPIENT_TYPES.find((one) => headers['content-type']?.toLowerCase().startsWith(one));
    if (!type) throw new Problem('unsupported_media_type', `Send ${RECIPIENT_TYPES.join(' or ')}.`);
    const { answer, isReplay } = await this.campaigns.upload.run(caller, {
      id,
      type: type satisfies RecipientType,
      body: request.body as AsyncIterable<Buffer>,
      key: headers['idempotency-key'],
      ifVersion: ifMatchVersion(headers['if-match']),
    });
    return sendStored(reply, answer, isReplay);
  }
}
