import { CLASS_DEFAULTS, type EmailId, type JobId, lastWithBody, loadTestPace, publicId } from '#domain';
import { emailCreatedV1 } from '#events';
import { type Caller, Problem } from '#http';
import {
  appendOutbox,
  createCampaign,
  getJob,
  type JobRow,
  newId,
  type NewCampaign,
  outboxEvent,
  type Queryable,
} from '#storage';
import { actorOf } from '../emails/change-of.js';
import { written } from '../emails/fields.js';
import type { DefaultFrom } from '../settings/default-from.js';
import { type LoadTestRequest, scriptOf } from './load-test.schema.js';

/**
 * Accepts a load test: an email to people who are made up, its job, its line and its rate, in the caller's transaction. Its
 * copies follow in chunks, by whoever makes those of campaigns, and go on by themselves after any restart.
 */
export class CreateLoadTest {
  constructor(
    private readonly defaultFrom: DefaultFrom,
    /** Tells whoever works on jobs and copies that there is something to do. */
    readonly wake: () => void,
  ) {}

  /** The job; throws `test_key_required`: no load test ever reaches a real provider. */
  async run(tx: Queryable, caller: Caller, wish: LoadTestRequest): Promise<JobRow> {
    if (caller.mode !== 'test') {
      throw new Problem(
        'test_key_required',
        'Load tests stay in the sandbox: send this with a test key (mt_test_...).',
      );
    }
    const from = written(await this.defaultFrom.of(caller.tenantId, tx));
    const test = newLoadTest(caller, wish, from);
    const { scheduledMs } = await createCampaign(tx, test);
    await appendOutbox(tx, [createdEvent(test, wish.count, scheduledMs)]);
    const job = await getJob(tx, caller, jobIdOf(test.id));
    if (!job) throw new Error(`load test ${test.id} was not stored`);
    return job;
  }
}

function newLoadTest(caller: Caller, wish: LoadTestRequest, from: string): NewCampaign {
  const { graceSeconds, retryForSeconds, onUnknown } = CLASS_DEFAULTS.bulk;
  const script = scriptOf(wish);
  return {
    tenantId: caller.tenantId,
    id: newId<EmailId>(),
    mode: 'test',
    kind: 'load_test',
    state: wish.count === 0 ? 'completed' : 'open',
    actor: actorOf(caller),
    name: null,
    from,
    replyTo: [],
    subject: wish.subject,
    text: wish.text,
    html: null,
    headers: {},
    attachments: [],
    scheduledAt: null,
    expiresAt: null,
    graceSeconds,
    onMissed: 'expire',
    retryForSeconds,
    onUnknown,
    ownerId: wish.ownerId,
    tags: {},
    correlationKey: null,
    render: 'none',
    wish: null,
    windows: [],
    ...loadTestPace(wish.ratePerSecond),
    repeat: null,
    parentId: null,
    script: { ...script, lastWithBody: lastWithBody(script) }, // read by the sandbox, too
    dataNames: [],
    audience: { expanding: wish.count > 0, recipients: wish.count, merged: 0, rejected: 0 },
  };
}

const createdEvent = ({ tenantId, mode, id, ownerId, actor }: NewCampaign, total: number, scheduledMs: number) =>
  outboxEvent(
    emailCreatedV1,
    { tenantId, mode, source: 'scheduler', actor, emailId: id, deliveryId: null, version: 1 },
    {
      emailId: publicId('email', id),
      kind: 'load_test',
      class: 'bulk',
      scheduledAt: new Date(scheduledMs).toISOString(),
      total,
      ownerId,
      jobId: publicId('job', jobIdOf(id)),
      version: 1,
    },
  );

/** A load test, its email and its job bear one id. */
const jobIdOf = (id: EmailId): JobId => id as string as JobId;
