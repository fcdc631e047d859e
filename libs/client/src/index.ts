/** Mailtide for programs: Node 20 and browsers, no framework. */
export { Mailtide, type MailtideOptions } from './mailtide.js';
export type { LiveEvent, Update } from './realtime/live-event.js';
export type { ListenOptions, WatchOptions } from './realtime/watch-topic.js';
export type { ActionOptions } from './resources/actions.js';
export type { Campaign, CampaignPatch, CancelledCampaign, NewCampaign, Plan, Uploaded } from './resources/campaigns.js';
export type { DeadLetter } from './resources/dead-letters.js';
export type { Delivery } from './resources/deliveries.js';
export {
  type CancelledEmail,
  type Email,
  type EmailListItem,
  type EmailPatch,
  type EmailQuery,
  type Explanation,
  isFinalEmail,
  type NewEmail,
  type TimelineEvent,
} from './resources/emails.js';
export type { Job } from './resources/jobs.js';
export type { Limit, LimitRules } from './resources/limits.js';
export type { NewLoadTest } from './resources/load-tests.js';
export type { Key } from './resources/keys.js';
export type { Suppression } from './resources/suppressions.js';
export { MailtideError, type ProblemDetails } from './rest/mailtide-error.js';
export type { Page, Pages } from './rest/pages.js';
