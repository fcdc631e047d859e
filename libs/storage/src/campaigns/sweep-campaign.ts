import {
  cancellationOf,
  type DeliveryId,
  type EmailId,
  isOpen,
  type JobId,
  mayHaveArrived,
  type Mode,
  type TenantId,
} from '#domain';
import type { Queryable, Transactional } from '../database.js';
import { callOff, cancelCopies } from '../emails/change-copies.js';
import { type ChangeOf, copiesCalledOff, copiesCancelled, emailCancelled, pairs } from '../emails/copy-events.js';
import type { LockedCopy } from '../emails/lock-emails.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { sqlFile } from '../sql-file.js';
import type { CampaignRef } from './expand-campaign.js';
import { countAudience } from './steer-campaign.js';

interface Sweep {
  readonly position: DeliveryId | null;
  readonly walked: boolean;
  readonly told: boolean;
  readonly mode: Mode;
  readonly owner_id: string | null;
}

const statements = {
  find: sqlFile('./find-sweeps.sql', import.meta.url),
  hold: sqlFile('./hold-sweep.sql', import.meta.url),
  next: sqlFile('./next-swept.sql', import.meta.url),
  returned: sqlFile('./find-returned.sql', import.meta.url),
  lock: sqlFile('./lock-swept.sql', import.meta.url),
  note: sqlFile('./note-sweep.sql', import.meta.url),
  end: sqlFile('./end-sweep.sql', import.meta.url),
  bump: sqlFile('./bump-email.sql', import.meta.url),
};

/** Cancelled emails whose copies are still being ended. */
export async function findSweeps(db: Queryable, atMost: number): Promise<CampaignRef[]> {
  const { rows } = await db.query<{ tenant_id: TenantId; email_id: EmailId }>({ ...statements.find, values: [atMost] });
  return rows.map(({ tenant_id: tenantId, email_id: id }) => ({ tenantId, id }));
}

/**
 * Ends the next copies of a cancelled email: first all in the order of their ids, then those that come back from a server. When
 * none is open the final `email.cancelled` is told, unless the cancel has told it. `more`: there is more to do at once.
 */
export function sweepCampaign(db: Transactional, campaign: CampaignRef, atMost: number): Promise<'more' | 'rest'> {
  return db.transaction(async (tx) => {
    const values = [campaign.tenantId, campaign.id];
    const { rows } = await tx.query<Sweep & Record<string, unknown>>({ ...statements.hold, values });
    const [sweep] = rows;
    if (!sweep) return 'rest';
    const of = aboutOf(campaign, sweep);
    if (!sweep.walked) return walk(tx, campaign, { sweep, of, atMost });
    const returned = await tx.query<{ id: DeliveryId }>({ ...statements.returned, values: [...values, atMost] });
    const found = returned.rows.map(({ id }) => id);
    await end(tx, campaign, of, found);
    return finish(tx, campaign, sweep, of);
  });
}

const aboutOf = ({ tenantId, id }: CampaignRef, { mode, owner_id: ownerId }: Sweep): ChangeOf => ({
  tenantId,
  mode,
  emailId: id,
  ownerId,
  jobId: id as string as JobId,
  source: 'poller',
  actor: 'system',
});

interface Walk {
  readonly sweep: Sweep;
  readonly of: ChangeOf;
  readonly atMost: number;
}

async function walk(tx: Queryable, campaign: CampaignRef, { sweep, of, atMost }: Walk): Promise<'more'> {
  const { tenantId, id } = campaign;
  const next = await tx.query<{ id: DeliveryId; is_open: boolean }>({
    ...statements.next,
    values: [tenantId, id, sweep.position, atMost],
  });
  const open = next.rows.flatMap((copy) => (copy.is_open ? [copy.id] : []));
  await end(tx, campaign, of, open);
  const last = next.rows.at(-1)?.id ?? null;
  await tx.query({ ...statements.note, values: [tenantId, id, last, next.rows.length < atMost] });
  return 'more';
}

/** What may have arrived ends as `unknown`, never as cancelled. */
async function end(tx: Queryable, { tenantId }: CampaignRef, of: ChangeOf, ids: readonly DeliveryId[]): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await tx.query<LockedCopy & Record<string, unknown>>({
    ...statements.lock,
    values: [tenantId, ids],
  });
  const open = rows.filter(isOpen);
  const ambiguous = rows.filter(mayHaveArrived);
  const cancelled = await cancelCopies(tx, tenantId, idsOf(open), 'email_cancelled');
  const ended = ambiguous.length > 0 ? await callOff(tx, tenantId, idsOf(ambiguous)) : [];
  await appendOutbox(tx, [
    ...copiesCancelled(of, pairs(open, cancelled), 'email_cancelled'),
    ...copiesCalledOff(of, pairs(ambiguous, ended)),
  ]);
}

const idsOf = (copies: readonly LockedCopy[]) => copies.map(({ id }) => id);

async function finish(tx: Queryable, campaign: CampaignRef, { told }: Sweep, of: ChangeOf): Promise<'rest' | 'more'> {
  const values = [campaign.tenantId, campaign.id];
  const counts = await countAudience(tx, campaign);
  if (counts.scheduled + counts.queued > 0 && counts.sending === 0) {
    // Something waits that neither stands in the line nor is claimed: it is found by another walk.
    await tx.query({ ...statements.note, values: [...values, FIRST, false] });
    return 'more';
  }
  if (counts.scheduled + counts.queued + counts.sending > 0) return 'rest';
  await tx.query({ ...statements.end, values });
  if (told) return 'rest';
  const { rows } = await tx.query<{ version: number }>({ ...statements.bump, values });
  await appendOutbox(tx, [emailCancelled(of, cancellationOf(counts), rows[0]?.version ?? 1)]);
  return 'rest';
}

const FIRST = '00000000-0000-0000-0000-000000000000';
