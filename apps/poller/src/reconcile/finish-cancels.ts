import {
  callOffAmbiguous,
  cancelOpenCopies,
  type Database,
  findOpenCancels,
  lockManyCopies,
  type OpenCancel,
  type Queryable,
} from '#storage';

const AT_ONCE = 100;

/**
 * Ends cancels that had caught copies in flight: one that came back to wait for a retry is cancelled, too, and the final
 * `email.cancelled` is told. One whose end nobody knows is not sent again and ends as `unknown`: it may have arrived.
 */
export async function finishCancels(db: Database): Promise<void> {
  for (const open of await findOpenCancels(db, AT_ONCE)) await db.transaction((tx) => finish(tx, open));
}

async function finish(tx: Queryable, { tenantId, mode, id }: OpenCancel): Promise<void> {
  const [email] = await lockManyCopies(tx, tenantId, mode, [id]);
  if (!email?.cancel_open) return; // another poller was faster
  const of = {
    tenantId,
    mode,
    emailId: id,
    ownerId: email.owner_id,
    jobId: email.job_id,
    source: 'poller',
    actor: 'system',
  };
  await cancelOpenCopies(tx, await callOffAmbiguous(tx, [{ of, copies: email.copies }]), 'email_cancelled');
}
