import { Controller, Headers, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CampaignAction, publicId } from '#domain';
import {
  answerOnce,
  ApiAction,
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
} from '#http';
import { type CampaignRow, Database, type Queryable } from '#storage';
import type { ChangeEmails } from '../emails/change-emails.js';
import { standsAt } from '../jobs/stands-at.js';
import { campaignIdOf, findCampaign, noSuchCampaign } from './campaign-of.js';
import { Campaigns } from './campaigns.js';
import { cancelCampaigns } from './cancel-campaigns.js';
import { pauseCampaigns, resumeCampaigns } from './pause-campaigns.js';
import { statusNow } from './rules-of-edit.js';
import { startCampaigns } from './start-campaigns.js';

const STEERING: Readonly<Record<CampaignAction, ChangeEmails>> = {
  start: startCampaigns,
  pause: pauseCampaigns,
  resume: resumeCampaigns,
  cancel: cancelCampaigns,
};

interface ActionHeaders {
  readonly 'if-match'?: string;
  readonly 'idempotency-key'?: string;
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

  @Post(':id/start')
  @ApiAction({
    summary: 'Start a draft',
    description: 'At its time, and when no upload to it is under way. Without recipients it is completed at once.',
    schema: CampaignSchema,
    problems: ['state_conflict'],
  })
  start(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('start', { caller, id, headers, reply });
  }

  @Post(':id/pause')
  @ApiAction({
    summary: 'Pause a campaign',
    description: 'None of its copies is armed until it is resumed.',
    schema: CampaignSchema,
    problems: ['state_conflict'],
  })
  pause(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('pause', { caller, id, headers, reply });
  }

  @Post(':id/resume')
  @ApiAction({
    summary: 'Let a paused campaign go on',
    description: 'A paused hour is not made up for.',
    schema: CampaignSchema,
    problems: ['state_conflict'],
  })
  resume(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers() headers: ActionHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.act('resume', { caller, id, headers, reply });
  }

  @Post(':id/cancel')
  @ApiAction({
    summary: 'Cancel a campaign',
    description: 'Nothing of it is sent any more but what `cancellation.inFlight` counts.',
    schema: CancelledCampaignSchema,
    answers: 'Cancelled; the same again.',
    problems: ['state_conflict'],
  })
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
  const status = statusNow(campaign);
  const detail = `${publicId('campaign', found.id)} ${standsAt(status)}: ${action} does not fit.`;
  throw new Problem('state_conflict', detail, {
    current: { status, at: campaign.updated_at.toISOString() },
  });
}
