import type { DeliveryId, DeliveryStatus, EmailId, EndedDelivery, JobId, Mode, ProviderId, TenantId } from '#domain';
import { deliveryScheduledV1 } from '#events';
import type { Queryable } from '../database.js';
import type { EmailRow } from '../emails/read-emails.js';
import { deliveryFact } from '../outbox/delivery-fact.js';
import { type OutboxEvent, outboxEvent } from '../outbox/outbox-event.js';
import { sqlFile } from '../sql-file.js';

/** A delivery that somebody may want to send again. */
export interface ReopenableDelivery extends EndedDelivery {
  readonly id: DeliveryId;
  readonly emailId: EmailId;
  readonly epoch: number;
  readonly version: number;
  readonly attempt: number;
  readonly address: string;
  readonly providerId: ProviderId | null;
  readonly ownerId: string | null;
  readonly jobId: JobId | null;
  /** What says when its email may go. */
  readonly email: Pick<EmailRow, 'kind' | 'class' | 'wish' | 'windows'>;
  /** Since when it has its status. RFC 3339. */
  readonly at: string;
}

/** The same after it was opened. */
export interface ReopenedDelivery {
  readonly before: ReopenableDelivery;
  readonly epoch: number;
  readonly version: number;
  readonly dueAt: Date;
  readonly possibleDuplicate: boolean;
}

interface Caller {
  readonly tenantId: TenantId;
  readonly mode: Mode;
}

interface Row {
  readonly id: DeliveryId;
  readonly email_id: EmailId;
  readonly status: DeliveryStatus;
  readonly epoch: number;
  readonly version: number;
  readonly attempt: number;
  readonly address: string;
  readonly provider_id: ProviderId | null;
  readonly at: string;
  readonly has_expired: boolean;
  readonly is_cancelled: boolean;
  readonly owner_id: string | null;
  readonly job_id: JobId | null;
  readonly kind: EmailRow['kind'];
  readonly class: EmailRow['class'];
  readonly wish: EmailRow['wish'];
  readonly windows: EmailRow['windows'];
}

const statements = {
  find: sqlFile('./retry-find.sql', import.meta.url),
  lockJobs: sqlFile('./retry-lock-jobs.sql', import.meta.url),
  lock: sqlFile('./retry-lock.sql', import.meta.url),
  read: sqlFile('./retry-read.sql', import.meta.url),
  open: sqlFile('./retry-deliveries.sql', import.meta.url),
  reopenJobs: sqlFile('./retry-reopen-jobs.sql', import.meta.url),
};

/** Copies of emails that ended so, in the order of their ids. */
export async function findEnded(
  db: Queryable,
  { tenantId, mode }: Caller,
  emailIds: readonly EmailId[],
  ended: readonly DeliveryStatus[],
): Promise<DeliveryId[]> {
  const values = [tenantId, mode, emailIds, ended];
  const { rows } = await db.query<{ id: DeliveryId }>({ ...statements.find, values });
  return rows.map(({ id }) => id);
}

/** What decides whether deliveries may be sent again, in the order of their ids; those that do not exist for the caller are left out. */
export async function readReopenable(
  db: Queryable,
  { tenantId, mode }: Caller,
  ids: readonly DeliveryId[],
): Promise<ReopenableDelivery[]> {
  const { rows } = await db.query<Row & Record<string, unknown>>({ ...statements.read, values: [tenantId, mode, ids] });
  return rows.map((row) => ({
    id: row.id,
    emailId: row.email_id,
    status: row.status,
    isCancelled: row.is_cancelled,
    hasExpired: row.has_expired,
    epoch: row.epoch,
    version: row.version,
    attempt: row.attempt,
    address: row.address,
    providerId: row.provider_id,
    ownerId: row.owner_id,
    jobId: row.job_id,
    email: { kind: row.kind, class: row.class, wish: row.wish, windows: row.windows },
    at: row.at,
  }));
}

/** The same, locked until the transaction ends, with the jobs they came in: the rows decide races with cancels and late truth. */
export async function lockReopenable(
  tx: Queryable,
  caller: Caller,
  ids: readonly DeliveryId[],
): Promise<ReopenableDelivery[]> {
  const values = [caller.tenantId, caller.mode, ids];
  await tx.query({ ...statements.lockJobs, values });
  await tx.query({ ...statements.lock, values });
  // In a statement of its own, so that it sees what was committed while this waited.
  return readReopenable(tx, caller, ids);
}

/**
 * Opens locked deliveries again that ended as failed, expired or unknown, and their jobs with them; all of them come back.
 * @param opensAt when the windows open that are shut now; null: they are open
 */
export async function reopenDeliveries(
  tx: Queryable,
  tenantId: TenantId,
  deliveries: readonly ReopenableDelivery[],
  opensAt: (delivery: ReopenableDelivery) => Date | null,
): Promise<ReopenedDelivery[]> {
  if (deliveries.length === 0) return [];
  const byId = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  const { rows } = await tx.query<{
    id: DeliveryId;
    epoch: number;
    version: number;
    due_at: Date;
    possible_duplicate: boolean;
  }>({ ...statements.open, values: [tenantId, [...byId.keys()], [...byId.values()].map(opensAt)] });
  const jobs = new Set(deliveries.flatMap(({ jobId }) => jobId ?? []));
  if (jobs.size > 0) await tx.query({ ...statements.reopenJobs, values: [tenantId, [...jobs]] });
  return rows.flatMap(({ id, epoch, version, due_at: dueAt, possible_duplicate: possibleDuplicate }) => {
    const before = byId.get(id);
    return before ? [{ before, epoch, version, dueAt, possibleDuplicate }] : [];
  });
}

/** What is told of opened deliveries. */
export const deliveriesReopened = (
  { tenantId, mode, actor }: Caller & { readonly actor: string },
  opened: readonly ReopenedDelivery[],
): OutboxEvent[] =>
  opened.map(({ before, epoch, version, dueAt, possibleDuplicate }) => {
    const { id, emailId } = before;
    const about = { tenantId, mode, source: 'scheduler', actor, emailId, deliveryId: id, version };
    return outboxEvent(deliveryScheduledV1, about, {
      ...deliveryFact({
        ...before,
        from: before.status,
        epoch,
        reply: null,
        reason: null,
        lateMs: null,
        possibleDuplicate,
      }),
      status: 'scheduled',
      dueAt: dueAt.toISOString(),
    });
  });
