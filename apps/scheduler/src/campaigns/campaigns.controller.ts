import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  ApiIfMatch,
  ApiProblems,
  type Caller,
  CallerOf,
  campaignListItem,
  CampaignListItemSchema,
  CampaignSchema,
  campaignView,
  type CampaignView,
  etag,
  ifMatchVersion,
  invalid,
  linked,
  ListSchema,
  type ListView,
  NeedsScope,
} from '#http';
import { Database } from '#storage';
import { CampaignPatch, CampaignQuery, CampaignRequest } from './campaign.schema.js';
import { findCampaign } from './campaign-of.js';
import { Campaigns } from './campaigns.js';
import { deleteDraft } from './delete-draft.js';
import { CAMPAIGN_EXAMPLES, CAMPAIGN_PATCH_EXAMPLES } from './examples.js';
import { pageOfCampaigns } from './list-campaigns.js';

/** Campaigns: one content to many, at a pace (interface 3.3). */
@ApiTags('campaigns')
@NeedsScope('emails:read')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(Campaigns) private readonly campaigns: Campaigns,
  ) {}

  @Post()
  @NeedsScope('emails:write')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Create a campaign',
    description:
      'With `recipients` it starts by itself at its time; without, it is a draft. Recipients that nobody can be mailed by are listed at `/rejected` and stop nobody.',
  })
  @ApiExamples('CampaignRequest', CAMPAIGN_EXAMPLES)
  @ApiAnswer(202, CampaignSchema, { description: 'Stored; its copies follow.', headers: ['Location', 'ETag'] })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async create(
    @CallerOf() caller: Caller,
    @Body({ schema: CampaignRequest }) body: CampaignRequest,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const request = { route: 'POST /v1/campaigns', header, says: body };
    const answer = await answerOnce(reply, this.db, caller, request, async (tx) => {
      const result = await this.campaigns.create.run(tx, caller, body);
      if (result.kind === 'invalid') return invalid(result.errors);
      const view = campaignView(result.campaign);
      const headers = { location: `/v1/campaigns/${view.id}`, etag: etag(view.version) };
      return { status: 202, headers, body: view, emailId: result.campaign.id };
    });
    this.campaigns.wake();
    return answer;
  }

  @Get()
  @ApiOperation({ summary: 'List campaigns, newest first' })
  @ApiAnswer(200, ListSchema(CampaignListItemSchema), { description: 'A page, without the bodies.', headers: ['Link'] })
  @ApiProblems('validation_failed', 'bad_cursor')
  async list(
    @CallerOf() caller: Caller,
    @Query({ schema: CampaignQuery }) query: CampaignQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ListView<object>> {
    const page = await this.db
      .of(caller.tenantId)
      .transaction((tx) => pageOfCampaigns(tx, caller, query, campaignListItem));
    return linked(reply, request.url, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One campaign, with where its copies stand' })
  @ApiAnswer(200, CampaignSchema, { description: 'As it is now.', headers: ['ETag'] })
  @ApiProblems('not_found')
  async get(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignView> {
    const view = campaignView(await this.db.of(caller.tenantId).transaction((tx) => findCampaign(tx, caller, id)));
    void reply.header('etag', etag(view.version));
    return view;
  }

  @Patch(':id')
  @NeedsScope('emails:write')
  @ApiOperation({
    summary: 'Change a campaign that has not come to its end',
    description:
      'Pacing and windows are live, and past use counts. Copies that are not armed get another content; the time can be changed before the start.',
  })
  @ApiIfMatch()
  @ApiExamples('CampaignPatch', CAMPAIGN_PATCH_EXAMPLES)
  @ApiAnswer(200, CampaignSchema, { description: 'The change binds.', headers: ['ETag'] })
  @ApiBodyProblems('not_found', 'state_conflict', 'version_mismatch')
  async edit(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: CampaignPatch }) patch: CampaignPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CampaignView> {
    const campaign = await this.db
      .of(caller.tenantId)
      .transaction((tx) => this.campaigns.edit.run(tx, caller, id, patch, ifMatchVersion(ifMatch)));
    void reply.header('etag', etag(campaign.version));
    return campaignView(campaign);
  }

  @Delete(':id')
  @NeedsScope('emails:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a draft with its recipients' })
  @ApiResponse({ status: 204, description: 'It is gone.' })
  @ApiIfMatch()
  @ApiProblems('not_found', 'state_conflict', 'version_mismatch')
  async remove(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.db.of(caller.tenantId).transaction((tx) => deleteDraft(tx, caller, id, ifMatchVersion(ifMatch)));
  }
}
