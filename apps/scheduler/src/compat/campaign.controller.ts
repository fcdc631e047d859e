import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  type Caller,
  CallerOf,
  campaignView,
  invalid,
  NeedsScope,
} from '#http';
import { Database } from '#storage';
import type { CampaignRequest } from '../campaigns/campaign.schema.js';
import { Campaigns } from '../campaigns/campaigns.js';
import { recipientsOf, SeedCampaignRequest, SeedCampaignSchema } from './campaign.schema.js';
import { looksLikeHtml } from './schedule.view.js';

const EXAMPLES = {
  two: {
    summary: 'To two people, slowly',
    value: {
      userId: '42',
      subject: 'Hello',
      body: 'Hi there',
      startTime: '2027-01-05T09:00:00Z',
      delaySeconds: 2,
      hourlyLimit: 100,
      recipients: ['a@x.test', 'b@x.test'],
    },
  },
  now: { summary: 'At once', value: { subject: 'Hello', body: '<p>Hi</p>', recipients: ['a@x.test'] } },
};

/** Another system's campaign onto the same use case; only its field names live here (interface 6, S1). */
@ApiTags('aliases')
@Controller('api/v1/email')
export class SeedCampaignController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Campaigns) private readonly campaigns: Campaigns,
  ) {}

  @Post('campaign')
  @NeedsScope('emails:write')
  @HttpCode(202)
  @ApiOperation({ summary: 'Alias of POST /v1/campaigns; a time that is past means now' })
  @ApiExamples('SeedCampaignRequest', EXAMPLES)
  @ApiAnswer(202, SeedCampaignSchema, { description: 'Stored; its copies follow.', headers: ['Location', 'Link'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: SeedCampaignRequest }) body: SeedCampaignRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const request = { route: 'POST /api/v1/email/campaign', header, says: body };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const result = await this.campaigns.create.run(tx, caller, wishOf(body));
      if (result.kind === 'invalid') return invalid(result.errors);
      const { id, jobId, status } = campaignView(result.campaign);
      const path = `/v1/campaigns/${id}`;
      const headers = { location: path, link: `<${path}>; rel="alternate"` };
      const view = { campaignId: id, jobId, total: result.campaign.recipients, status };
      return { status: 202, headers, body: view, emailId: result.campaign.id };
    });
    this.campaigns.wake();
    return answer;
  }
}

function wishOf(body: SeedCampaignRequest): CampaignRequest {
  const isHtml = body.isHtml ?? looksLikeHtml(body.body);
  return {
    subject: body.subject,
    ...(isHtml ? { html: body.body } : { text: body.body }),
    recipients: recipientsOf(body),
    scheduledAt: body.startTime ?? body.scheduledAt,
    allowPast: true,
    ownerId: body.userId ?? body.user_id,
    pacing: { delaySeconds: body.delaySeconds, hourlyLimit: body.hourlyLimit ?? null, spread: 'even', weight: 1 },
  };
}
