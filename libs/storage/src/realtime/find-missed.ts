import type { DeliveryId, EmailId, JobId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { type Statement, sqlFile } from '../sql-file.js';

/** Whose events. */
export type EventsOf =
  | { readonly kind: 'email'; readonly emailId: EmailId }
  | { readonly kind: 'delivery'; readonly emailId: EmailId; readonly deliveryId: DeliveryId }
  | { readonly kind: 'job'; readonly jobId: JobId }
  | { readonly kind: 'campaign'; readonly emailId: EmailId }
  | { readonly kind: 'owner'; readonly ownerId: string }
  | { readonly kind: 'tenant' }
  | { readonly kind: 'dead-letters' };

/** Where an event stands: small, so that thousands can wait while their readers read. */
export interface MissedEvent {
  /** Its place in the outbox: events are told in this order. */
  readonly id: bigint;
  /** The transaction that wrote it. */
  readonly xid: bigint;
}

const statements = {
  email: sqlFile('./find-missed-of-email.sql', import.meta.url),
  job: sqlFile('./find-missed-of-job.sql', import.meta.url),
  campaign: sqlFile('./find-missed-of-campaign.sql', import.meta.url),
  tenant: sqlFile('./find-missed-of-tenant.sql', import.meta.url),
};

/**
 * What happened in transactions from `position` on, in order; one more than the limit, and in no order, where there is more.
 * @param position transaction id, as text
 */
export async function findMissed(
  db: Queryable,
  { tenantId, mode }: { readonly tenantId: TenantId; readonly mode: Mode },
  of: EventsOf,
  position: string,
  limit: number,
): Promise<MissedEvent[]> {
  const { statement, who } = statementOf(of);
  const values = [tenantId, mode, position, ...who, limit + 1];
  const { rows } = await db.query<{ id: string; xid: string }>({ ...statement, values });
  return rows.map(({ id, xid }) => ({ id: BigInt(id), xid: BigInt(xid) })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function statementOf(of: EventsOf): { readonly statement: Statement; readonly who: readonly unknown[] } {
  const { email, job, campaign, tenant } = statements;
  switch (of.kind) {
    case 'email':
      return { statement: email, who: [of.emailId, null] };
    case 'delivery':
      return { statement: email, who: [of.emailId, of.deliveryId] };
    case 'job':
      return { statement: job, who: [of.jobId] };
    case 'campaign':
      return { statement: campaign, who: [of.emailId] };
    case 'owner':
      return { statement: tenant, who: [of.ownerId, false] };
    case 'tenant':
      return { statement: tenant, who: [null, false] };
    case 'dead-letters':
      return { statement: tenant, who: [null, true] };
  }
}
