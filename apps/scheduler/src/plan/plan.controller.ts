import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  answerOnce,
  ApiAnswer,
  ApiBodyProblems,
  ApiExamples,
  ApiIdempotencyKey,
  ApiProblems,
  type Caller,
  CallerOf,
  NeedsScope,
} from '#http';
import { findCampaign } from '../campaigns/campaign-of.js';
import { CampaignRequest } from '../campaigns/campaign.schema.js';
import { CAMPAIGN_EXAMPLES } from '../campaigns/examples.js';
import { EMAIL_EXAMPLES } from '../documents/examples.js';
import { EmailRequest } from '../emails/email.schema.js';
import { planRemaining, planWish } from './plan-campaign.js';
import { planEmail } from './plan-email.js';
import { PlanQuery, PlanSchema } from './plan.schema.js';
import { planView, type PlanView } from './plan.view.js';
import { Plans } from './plans.js';

const DESCRIPTION =
  'Every send time, predicted by the planner that runs: with what was used of the limits, in the windows, at the pace. Nothing is stored, and other mail may come between.';

/** Plans: when would what be sent (interface 3.3)? */
@ApiTags('plans')
@NeedsScope('emails:read')
@Controller('v1')
export class PlanController {
  constructor(@Inject(Plans) private readonly plans: Plans) {}

  @Post('emails/plan')
  @HttpCode(200)
  @ApiOperation({ summary: 'When an email would be sent', description: DESCRIPTION })
  @ApiExamples('EmailRequest', EMAIL_EXAMPLES)
  @ApiAnswer(200, PlanSchema, { description: 'As it would be now.' })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async ofEmail(
    @CallerOf() caller: Caller,
    @Body({ schema: EmailRequest }) body: EmailRequest,
    @Query({ schema: PlanQuery }) { limit }: PlanQuery,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const view = planView(await planEmail(this.plans, caller, body, limit));
    const request = { route: 'POST /v1/emails/plan', header, says: { body, limit } };
    return answerOnce(reply, this.plans.db, caller, request, async () => ({ status: 200, body: view }));
  }

  @Post('campaigns/plan')
  @HttpCode(200)
  @ApiOperation({ summary: 'When a campaign would be sent', description: DESCRIPTION })
  @ApiExamples('CampaignRequest', CAMPAIGN_EXAMPLES)
  @ApiAnswer(200, PlanSchema, { description: 'As it would be now.' })
  @ApiIdempotencyKey()
  @ApiBodyProblems('bad_idempotency_key', 'idempotency_key_reused', 'idempotency_in_progress')
  async ofWish(
    @CallerOf() caller: Caller,
    @Body({ schema: CampaignRequest }) body: CampaignRequest,
    @Query({ schema: PlanQuery }) { limit }: PlanQuery,
    @Headers('idempotency-key') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    const view = planView(await planWish(this.plans, caller, body, limit));
    const request = { route: 'POST /v1/campaigns/plan', header, says: { body, limit } };
    return answerOnce(reply, this.plans.db, caller, request, async () => ({ status: 200, body: view }));
  }

  @Get('campaigns/:id/plan')
  @ApiOperation({ summary: 'When what is left of a campaign will be sent', description: DESCRIPTION })
  @ApiAnswer(200, PlanSchema, { description: 'As it is now.' })
  @ApiProblems('not_found', 'validation_failed')
  async ofCampaign(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: PlanQuery }) { limit }: PlanQuery,
  ): Promise<PlanView> {
    const { db } = this.plans;
    const campaign = await findCampaign(db.of(caller.tenantId), caller, id);
    return planView(await planRemaining(db, caller, campaign, limit));
  }
}
