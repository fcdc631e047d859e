import type { DeliveryId, EmailId, JobId, Mode, ProcessId, ProviderId, TenantId, UnknownPolicy } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** An armed delivery of whose end nobody will tell any more. */
export interface AmbiguousDelivery {
  readonly tenant_id: TenantId;
  readonly id: DeliveryId;
  readonly epoch: number;
  readonly attempt: number;
  readonly email_id: EmailId;
  readonly mode: Mode;
  readonly address: string;
  readonly provider_id: ProviderId | null;
  readonly resends: number;
  readonly possible_duplicate: boolean;
  readonly on_unknown: UnknownPolicy;
  readonly owner_id: string | null;
  readonly job_id: JobId | null;
  readonly late_ms: number;
  readonly armed_ms_ago: number;
  /** Proven dead, not just silent: no late answer can come. */
  readonly owner_is_dead: boolean;
}

/** An ambiguous delivery whose hold is over, already back in `scheduled`. */
export interface ResentDelivery {
  readonly tenant_id: TenantId;
  readonly id: DeliveryId;
  readonly email_id: EmailId;
  readonly epoch: number;
  readonly attempt: number;
  readonly version: number;
  readonly mode: Mode;
  readonly address: string;
  readonly provider_id: ProviderId | null;
  readonly owner_id: string | null;
  readonly job_id: JobId | null;
  readonly due_at: Date;
  readonly late_ms: number;
}

const findStatement = sqlFile('./find-ambiguous.sql', import.meta.url);
const resendStatement = sqlFile('./resend-held.sql', import.meta.url);

/** Armed deliveries of dead or silent processes, and those that wait for their reply for too long. */
export async function findAmbiguous(
  db: Queryable,
  owners: { readonly dead: readonly ProcessId[]; readonly silent: readonly ProcessId[] },
  limit: number,
): Promise<AmbiguousDelivery[]> {
  const { rows } = await db.query<AmbiguousDelivery & Record<string, unknown>>({
    ...findStatement,
    values: [owners.dead, owners.silent, limit],
  });
  return rows;
}

/** Returns deliveries to `scheduled` whose hold is over, marked as possible duplicates. */
export async function resendHeld(db: Queryable, limit: number): Promise<ResentDelivery[]> {
  const { rows } = await db.query<ResentDelivery & Record<string, unknown>>({ ...resendStatement, values: [limit] });
  return rows;
}
