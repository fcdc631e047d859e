import { Controller, Headers, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RECIPIENT_TYPES, type RecipientType } from '#content';
import { type CampaignAction, publicId } from '#domain';
import {
  answerOnce,
  ApiAnswer,
  ApiIdempotencyKey,
  ApiIfMatch,
  ApiProblems,
  type Caller,
  CallerOf,
  campaignView,
  CampaignSchema,
  CancelledCampaignSchema,
  cancelledCampaignView,
  etag,
  ifMatchVersion,
  NeedsScope,
  Problem,
  sendStored,
} from '#http';
import { type CampaignRow, Database, type Queryable } from '#storage';
import type { ChangeEmails } from '../emails/change-emails.js';
import { campaignIdOf, findCampaign, noSuchCampaign } from './campaign-of.js';
import { Campaigns } from './campaigns.js';
import { cancelCampaigns } from './cancel-campaigns.js';
import { pauseCampaigns, resumeCampaigns } from './pause-campaigns.js';
import { startCampaigns } from './start-campaigns.js';
import { UploadedSchema } from './uploaded.schema.js';

const KEY_PROBLEMS = ['bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress'] as const;
const CHANGED = { description: 'As it is now.', headers: ['ETag'] } as const;

const STEERING: Readonly<Record<CampaignAction, ChangeEmails>> = {
  start: startCampaigns,
  pause: pauseCampaigns,
  resume: resumeCampaigns,
  cancel: cancelCampaigns,
};

interface ActionHeaders {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
  readonly 'content-type'?: string;
}

/** One request of an action. */
interface Act {
  readonly caller: Caller;
  readonly id: string;
  readonly headers: ActionHeaders;
  readonly reply: FastifyReply;
}

/** What can be done with a campaign, besides changing it (interface 3.3). Each action repeated is the same 200. */
@ApiTags('campaigns')
@NeedsScope('emails:write')
@Controller('v1/campaigns')
export class CampaignActionsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Campaigns) private readonly campaigns: Campaigns,
  ) {}

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
    @Headers() headers: ActionHeaders,
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

  @Post(':id/start')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start a draft', description: 'At its time. Without recipients it is completed at once.' })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAnswer(200, CampaignSchema, CHANGED)
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch', ...KEY_PROBLEMS)
  start(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('start', { caller, id, headers, reply });
  }

  @Post(':id/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pause a campaign', description: 'None of its copies is armed until it is resumed.' })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAnswer(200, CampaignSchema, CHANGED)
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch', ...KEY_PROBLEMS)
  pause(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('pause', { caller, id, headers, reply });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a paused campaign go on', description: 'A paused hour is not made up for.' })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAnswer(200, CampaignSchema, CHANGED)
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch', ...KEY_PROBLEMS)
  resume(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('resume', { caller, id, headers, reply });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Cancel a campaign',
    description: 'Nothing of it is sent any more but what `cancellation.inFlight` counts.',
  })
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAnswer(200, CancelledCampaignSchema, { description: 'Cancelled; the same again.', headers: ['ETag'] })
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch', ...KEY_PROBLEMS)
  cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('cancel', { caller, id, headers, reply });
  }

  private async act(action: CampaignAction, { caller, id, headers, reply }: Act): Promise<object | string> {
    const ifVersion = ifMatchVersion(headers['if-match']);
    const header = headers['idempotency-key'];
    const request = { route: `POST /v1/campaigns/{id}/${action}`, header, says: { id } };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const campaign = await steered(tx, caller, id, action, ifVersion);
      const body = (action === 'cancel' ? cancelledCampaignView : campaignView)(campaign);
      return { status: 200, headers: { etag: etag(campaign.version) }, body, emailId: campaign.id };
    });
    this.campaigns.wake();
    return answer;
  }
}

/** A campaign after an action; throws `not_found`, `version_mismatch` and `state_conflict`. */
async function steered(
  tx: Queryable,
  caller: Caller,
  id: string,
  action: CampaignAction,
  ifVersion: number | undefined,
): Promise<CampaignRow> {
  const found = await findCampaign(tx, caller, id);
  const [change] = await STEERING[action](tx, caller, [campaignIdOf(id)], { ifVersion });
  const campaign = await findCampaign(tx, caller, id);
  if (change?.kind === 'done') return campaign;
  if (!change || change.code === 'not_found') throw noSuchCampaign();
  if (change.code === 'version_mismatch') {
    const detail = `The campaign is at version "${campaign.version}" now. Read it again and decide anew.`;
    throw new Problem('version_mismatch', detail, { current: campaignView(campaign) });
  }
  const { status } = campaignView(campaign);
  throw new Problem('state_conflict', `${publicId('campaign', found.id)} is "${status}": ${action} does not fit.`, {
    current: { status, at: campaign.updated_at.toISOString() },
  });
}
