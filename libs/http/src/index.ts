/** What every HTTP face shares: problems, keys, cursors, ETags, health and metrics. */
export { type ActionAnswer, type ActionRequest, answerOnce } from './answer-once.js';
export { ApiKeyGuard, limitRate, Public, unauthorized } from './api-key.guard.js';
export { BodyBudget } from './body-budget.js';
export { type Caller, CallerOf, type RequestWithCaller } from './caller.js';
export { bearerKey, Callers, DEV_TENANT } from './callers.js';
export { createHttpApp, type HttpAppOptions } from './create-http-app.js';
export { readCursor, signCursorsWith, unreadableCursor, writeCursor } from './cursor.js';
export { etag, ifMatchVersion, requireVersion, UNCHANGING } from './etag.js';
export { listen } from './listen.js';
export { fingerprint, idempotencyKey, keyInProgress, keyReused, sendStored } from './idempotency.js';
export { linked, listOf, type ListView, type PageAsk, pageOf, readPage, refuseTwoPages } from './list.js';
export { OperationsModule, type OperationsOptions } from './operations.module.js';
export { checkOrigin } from './origin.js';
export { Problem, problemBody, type ProblemBody, type ProblemDetails } from './problem.js';
export { isProblemCode, problemPage } from './problems/problem-page.js';
export { FIELD_REMEDIES, PROBLEM_REMEDIES } from './problems/remedies.js';
export { ProblemFilter } from './problem.filter.js';
export { Readiness, type ReadyAnswer, type ReadyCheck } from './readiness.js';
export { showOnce } from './show-once.js';
export { hasScope, NeedsNoScope, NeedsScope, type Scope, SCOPES } from './scope.js';
export { QueueStats, type QueueView } from './stats/queue-stats.js';
export { StatsController } from './stats/stats.controller.js';
export { type EmailStatsView } from './stats/email-stats.view.js';
export { invalid, partErrors, ValidationPipe } from './validation.pipe.js';
export {
  deadLetterListItem,
  type DeadLetterListItem,
  deadLetterView,
  type DeadLetterView,
} from './views/dead-letter.view.js';
export { deliveryView, type DeliveryView } from './views/delivery.view.js';
export { explanationView, type ExplanationView } from './views/explanation.view.js';
export { cancelledEmailView, emailListItem, emailView, type EmailView } from './views/email.view.js';
export { campaignListItem, campaignView, type CampaignView, cancelledCampaignView } from './views/campaign.view.js';
export { type JobAlias, jobAlias } from './views/job-alias.view.js';
export { jobDone, type JobFactView, jobFactView, type JobView, jobView } from './views/job.view.js';
export { ApiAction } from './documents/api-action.js';
export { type Answer, ApiAnswer } from './documents/api-answer.js';
export { ApiExamples } from './documents/api-examples.js';
export { ApiIdempotencyKey } from './documents/api-idempotency-key.js';
export { ApiIfMatch } from './documents/api-if-match.js';
export { ApiBodyProblems, ApiProblems } from './documents/api-problems.js';
export { describeApp } from './documents/describe-app.js';
export { openApiSchema } from './documents/open-api-schema.js';
export { DeadLetterListItemSchema, DeadLetterSchema } from './views/dead-letter.schema.js';
export { DeliverySchema } from './views/delivery.schema.js';
export { ExplanationSchema } from './views/explanation.schema.js';
export { CampaignListItemSchema, CampaignSchema, CancelledCampaignSchema } from './views/campaign.schema.js';
export { CancelledEmailSchema, EmailListItemSchema, EmailSchema } from './views/email.schema.js';
export { JobFailuresSchema, JobSchema } from './views/job.schema.js';
export * as viewFields from './views/fields.schema.js';
export { ListSchema } from './views/list.schema.js';
export { ProblemSchema } from './views/problem.schema.js';
