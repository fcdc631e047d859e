import { type EmailId, FINAL_JOB_STATUSES, type JobStatus, publicId } from '#domain';
import { type Caller, jobFactView, jobView, Problem, requireVersion } from '#http';
import {
  beginRetry,
  changeEmailJob,
  changeRowJob,
  emailsOfJob,
  hasAudience,
  holdJob,
  type JobRow,
  type Queryable,
} from '#storage';
import type { ChangeEmails } from '../emails/change-emails.js';
import { actorOf } from '../emails/change-of.js';
import { findJob } from './find-job.js';
import { standsAt } from './stands-at.js';

export type JobAction = 'cancel' | 'pause' | 'resume';

export type RetryStatus = 'failed' | 'expired' | 'unknown';

export interface ChangeJobParts {
  readonly emails: Readonly<Record<JobAction, ChangeEmails>>;
  /** The same of campaigns and load tests. */
  readonly campaigns: Readonly<Record<JobAction, ChangeEmails>>;
  /** Sends copies of emails again that ended so, and opens their job with them. */
  readonly retry: (
    tx: Queryable,
    caller: Caller,
    ids: readonly EmailId[],
    statuses: readonly RetryStatus[],
  ) => Promise<unknown>;
  /** Tells whoever works on jobs that there is something to do. */
  readonly wake: () => void;
}

const ROW_MOVES: Readonly<Record<JobAction, { readonly from: readonly JobStatus[]; readonly to: JobStatus }>> = {
  cancel: { from: ['scheduled', 'running', 'paused'], to: 'cancelled' },
  pause: { from: ['scheduled', 'running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
};

/** Cancels, pauses and resumes jobs, and sends again what ended badly in them. */
export class ChangeJob {
  constructor(private readonly parts: ChangeJobParts) {}

  wake(): void {
    this.parts.wake();
  }

  /** The job after it; throws `not_found`, `version_mismatch` and `state_conflict`. Repeated it changes nothing. */
  async run(
    tx: Queryable,
    caller: Caller,
    publicJobId: string,
    action: JobAction,
    ifVersion?: number,
  ): Promise<JobRow> {
    const job = await findAt(tx, caller, publicJobId, ifVersion);
    if (hasAudience(job.kind)) return this.changeCampaign(tx, caller, job, action);
    const { status } = jobFactView(job);
    const { to } = ROW_MOVES[action];
    if (status === to || (action === 'resume' && !FINAL_JOB_STATUSES.includes(status) && status !== 'paused'))
      return job;
    if (FINAL_JOB_STATUSES.includes(status)) throw conflict(job, status, action);
    if (job.has_rows) await this.changeRows(tx, job, action);
    else await this.changeEmails(tx, caller, job, action);
    return findJob(tx, caller, publicJobId);
  }

  /** Opens copies of a job of emails again; throws `not_found`, `version_mismatch` and `state_conflict`. */
  async retry(
    tx: Queryable,
    caller: Caller,
    publicJobId: string,
    statuses: readonly RetryStatus[],
    ifVersion?: number,
  ): Promise<JobRow> {
    const job = await findAt(tx, caller, publicJobId, ifVersion);
    const of = refOf(job);
    if (job.has_rows) throw conflict(job, jobFactView(job).status, 'retry');
    if (hasAudience(job.kind)) {
      const isBegun = await beginRetry(tx, of, { statuses, actor: actorOf(caller) });
      if (!isBegun) throw conflict(job, jobFactView(job).status, 'retry');
      return findJob(tx, caller, publicJobId);
    }
    await changeEmailJob(tx, of, {});
    await this.parts.retry(tx, caller, await emailsOfJob(tx, of), statuses);
    return findJob(tx, caller, publicJobId);
  }

  /** Its use case decides by the email, which it locks. */
  private async changeCampaign(tx: Queryable, caller: Caller, job: JobRow, action: JobAction): Promise<JobRow> {
    const changes = await this.parts.campaigns[action](tx, caller, await emailsOfJob(tx, refOf(job)));
    const after = await findJob(tx, caller, publicId('job', job.id));
    if (changes.some(({ kind }) => kind === 'refused')) throw conflict(after, jobFactView(after).status, action);
    return after;
  }

  private async changeRows(tx: Queryable, job: JobRow, action: JobAction): Promise<void> {
    const { from, to } = ROW_MOVES[action];
    const isChanged = await changeRowJob(tx, refOf(job), from, to);
    if (!isChanged) throw conflict(job, 'completed', action); // it ended while we waited for its chunk
  }

  private async changeEmails(tx: Queryable, caller: Caller, job: JobRow, action: JobAction): Promise<void> {
    const of = refOf(job);
    await changeEmailJob(tx, of, { cancelled: action === 'cancel' });
    await this.parts.emails[action](tx, caller, await emailsOfJob(tx, of));
  }
}

const refOf = ({ tenant_id: tenantId, id }: JobRow) => ({ tenantId, id });

/** A job at a version, held so that it stays at it; at any, if none is asked for. */
async function findAt(
  tx: Queryable,
  caller: Caller,
  publicJobId: string,
  ifVersion: number | undefined,
): Promise<JobRow> {
  const found = await findJob(tx, caller, publicJobId);
  if (ifVersion === undefined) return found;
  await holdJob(tx, { tenantId: found.tenant_id, id: found.id });
  const job = await findJob(tx, caller, publicJobId);
  requireVersion(ifVersion, job.version, jobView(job));
  return job;
}

function conflict(job: JobRow, status: JobStatus, action: JobAction | 'retry'): Problem {
  const at = (job.finished_at ?? job.active_at).toISOString();
  const why =
    job.has_rows && action === 'retry' ? 'has rows, and no copies that could be sent again' : standsAt(status);
  return new Problem('state_conflict', `${publicId('job', job.id)} ${why}: ${action} does not fit.`, {
    current: { status, at },
  });
}
