import { type CampaignAction, campaignStatus, cancellationOf, decideAction, type EmailId, type JobId } from '#domain';
import type { Caller } from '#http';
import {
  type CampaignRef,
  type ChangeOf,
  countAudience,
  holdCampaign,
  holdJob,
  lockAudience,
  type LockedAudience,
  type Queryable,
  type StatusCounts,
} from '#storage';
import type { ChangeEmails, ChangeOptions, EmailChange } from '../emails/change-emails.js';
import { actorOf } from '../emails/change-of.js';

/** An email with an audience that an action changes; it and its job are locked. */
export interface Steered {
  readonly campaign: CampaignRef;
  readonly email: LockedAudience;
  /** For the events that tell of it. */
  readonly of: ChangeOf;
}

/** What an action does once it is known to fit. */
export type Steering = (tx: Queryable, steered: Steered) => Promise<unknown>;

/** Steers emails with an audience by facts on their email and their line: nothing is done to each of a million copies. */
export const steerCampaigns =
  (action: CampaignAction, steering: Steering): ChangeEmails =>
  async (tx, caller, ids, options = {}) => {
    const changes: EmailChange[] = [];
    for (const id of ids) changes.push(await steer(tx, caller, id, { action, steering, options }));
    return changes;
  };

/** An upload, a chunk of copies or a run under way ends first: these write what it has to go by. */
const HOLDING: ReadonlySet<CampaignAction> = new Set(['start', 'resume']);

interface Steer {
  readonly action: CampaignAction;
  readonly steering: Steering;
  readonly options: ChangeOptions;
}

async function steer(
  tx: Queryable,
  caller: Caller,
  id: EmailId,
  { action, steering, options: { ifVersion } }: Steer,
): Promise<EmailChange> {
  const campaign = { tenantId: caller.tenantId, id };
  if (HOLDING.has(action)) await holdCampaign(tx, campaign);
  await holdJob(tx, { ...campaign, id: asJob(id) });
  const email = await lockAudience(tx, campaign, caller.mode);
  if (!email) return { kind: 'refused', code: 'not_found' };
  if (ifVersion !== undefined && ifVersion !== email.version) return { kind: 'refused', code: 'version_mismatch' };
  const counts = await countAudience(tx, campaign);
  const verdict = decideAction(action, statusOf(email, counts));
  const stands = { cancellation: cancellationOf(counts) };
  if (verdict === 'conflict') return { kind: 'refused', code: 'state_conflict', ...stands };
  if (verdict === 'repeat') return { kind: 'done', isRepeat: true, ...stands };
  await steering(tx, { campaign, email, of: changeOf(caller, email) });
  return { kind: 'done', isRepeat: false, cancellation: cancellationOf(await countAudience(tx, campaign)) };
}

const statusOf = (
  { status, expanding, is_repeating: isRepeating, is_ahead: isAhead }: LockedAudience,
  counts: StatusCounts,
) => campaignStatus({ noted: status, expanding, isRepeating, isAhead, counts });

const changeOf = (caller: Caller, { id, owner_id: ownerId }: LockedAudience): ChangeOf => ({
  tenantId: caller.tenantId,
  mode: caller.mode,
  emailId: id,
  ownerId,
  jobId: asJob(id),
  source: 'scheduler',
  actor: actorOf(caller),
});

/** A campaign, its email and its job bear one id. */
export const asJob = (id: EmailId): JobId => id as string as JobId;
