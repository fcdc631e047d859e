import type { EmailId, JobId } from '#domain';
import {
  type Caller,
  campaignView,
  type CampaignView,
  deadLetterListItem,
  type DeliveryView,
  deliveryView,
  type EmailView,
  emailView,
  type JobView,
  jobView,
  Problem,
  type QueueStats,
  type QueueView,
} from '#http';
import {
  type Database,
  type EventsOf,
  getCampaign,
  getDelivery,
  getEmail,
  getJob,
  listDeadLetters,
  listJobs,
} from '#storage';
import type { StatusTopic } from './topic.js';

/** What a client gets to begin with (interface 4). */
export type Snapshot =
  | EmailView
  | DeliveryView
  | JobView
  | CampaignView
  | { readonly jobs: readonly JobView[] }
  | { readonly queue: QueueView | null }
  | { readonly deadLetters: readonly ReturnType<typeof deadLetterListItem>[] };

/** What a topic stands for, as it is now. */
export interface TopicNow {
  readonly snapshot: Snapshot;
  /** The jobs in it. */
  readonly jobs: readonly JobView[];
  readonly eventsOf: EventsOf;
}

const MAX_JOBS = 50;
const MAX_DEAD_LETTERS = 20;

/** undefined: there is no such thing for this caller. */
export async function readTopic(
  { db, queueStats }: { readonly db: Database; readonly queueStats: QueueStats },
  caller: Caller,
  topic: StatusTopic,
): Promise<TopicNow | undefined> {
  const { tenantId, mode } = caller;
  const own = db.of(tenantId);
  switch (topic.kind) {
    case 'email': {
      const email = await getEmail(own, tenantId, mode, topic.emailId);
      return email && { snapshot: emailView(email), jobs: [], eventsOf: topic };
    }
    case 'delivery': {
      const delivery = await getDelivery(own, tenantId, mode, topic.deliveryId);
      if (!delivery) return undefined;
      return { snapshot: deliveryView(delivery), jobs: [], eventsOf: { ...topic, emailId: delivery.email_id } };
    }
    case 'job': {
      const job = await getJob(own, caller, topic.jobId);
      const view = job && jobView(job);
      return view && { snapshot: view, jobs: [view], eventsOf: topic };
    }
    case 'campaign': {
      const campaign = await getCampaign(own, caller, topic.emailId);
      if (!campaign) return undefined;
      const job = await getJob(own, caller, jobOfCampaign(campaign.id));
      return { snapshot: campaignView(campaign), jobs: job ? [jobView(job)] : [], eventsOf: topic };
    }
    case 'owner': {
      const { rows } = await listJobs(own, caller, { ownerId: topic.ownerId, active: true }, { limit: MAX_JOBS });
      const jobs = rows.map(jobView);
      return { snapshot: { jobs }, jobs, eventsOf: topic };
    }
    case 'dead-letters': {
      const { rows } = await listDeadLetters(own, caller, {}, { limit: MAX_DEAD_LETTERS });
      return { snapshot: { deadLetters: rows.map(deadLetterListItem) }, jobs: [], eventsOf: topic };
    }
    case 'tenant':
      return { snapshot: { queue: await queueOf(queueStats, caller) }, jobs: [], eventsOf: topic };
  }
}

/** They bear one uuid. */
const jobOfCampaign = (id: EmailId): JobId => id as string as JobId;

/** null: it is too long to be counted now, which is no reason not to listen. */
async function queueOf(stats: QueueStats, caller: Caller): Promise<QueueView | null> {
  try {
    return await stats.of(caller);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
