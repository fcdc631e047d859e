import type { Lane } from '#domain';
import type { Queryable, Transactional } from '../database.js';
import { buryDeliveries } from '../dead-letters/bury-deliveries.js';
import type { FailedDelivery } from '../dead-letters/dead-letter.js';
import { type EndedCopy, endedEvents } from '../misfire/ended-copy.js';
import { appendOutbox } from '../outbox/append-outbox.js';
import { sqlFile } from '../sql-file.js';

/** A delivery whose claim was lost with its process. Most wait again; the tenth loss in a row ends it. */
export interface Reclaimed extends EndedCopy {
  readonly lane: Lane;
  /** How often in a row a sender was lost with it. */
  readonly lost_claims: number;
}

const anyStatement = sqlFile('./any-lost.sql', import.meta.url);
const reclaimStatement = sqlFile('./reclaim.sql', import.meta.url);
const sweepStatement = sqlFile('./sweep-claims.sql', import.meta.url);
const forgetStatement = sqlFile('./forget-takes.sql', import.meta.url);

/** Returns deliveries to `scheduled` whose claim was lost with its process; ends those that were lost too often, with their events. */
export async function reclaim(db: Transactional, maxClaims: number): Promise<readonly Reclaimed[]> {
  const { rows } = await db.query<{ lost: boolean }>({ ...anyStatement, values: [] });
  if (rows[0]?.lost !== true) return [];
  return db.transaction(async (tx) => {
    const back = await tx.query<Reclaimed & Record<string, unknown>>({ ...reclaimStatement, values: [maxClaims] });
    const ended = back.rows.filter(({ status }) => status !== 'scheduled');
    await appendOutbox(tx, endedEvents(ended));
    await buryDeliveries(tx, ended.filter(({ status }) => status === 'failed').map(failed), 'poller');
    return back.rows;
  });
}

const failed = (delivery: Reclaimed): FailedDelivery => ({
  tenantId: delivery.tenant_id,
  mode: delivery.mode,
  deliveryId: delivery.id,
  emailId: delivery.email_id,
  jobId: delivery.job_id,
  reason: delivery.reason,
  attempts: delivery.attempt,
  error: `its sender was lost ${delivery.lost_claims} times in a row before the message was sent`,
  conversation: [],
});

/** How many deliveries of a lane are queued now; forgets finished claims on the way. */
export async function sweepClaims(db: Queryable, lane: Lane): Promise<number> {
  const { rows } = await db.query<{ queued: number }>({ ...sweepStatement, values: [lane] });
  return rows[0]?.queued ?? 0;
}

/** Forgets which deliveries senders began to work on more than so long ago. */
export async function forgetTakes(db: Queryable, olderThanSeconds: number): Promise<void> {
  await db.query({ ...forgetStatement, values: [olderThanSeconds] });
}
