import type {
  DeliveryId,
  DeliveryStatus,
  EmailId,
  JobId,
  Lane,
  Mode,
  Outcome,
  Phase,
  ProviderId,
  TenantId,
  Visibility,
} from '#domain';
import type { Queryable } from '../database.js';
import type { Page } from '../page.js';
import { sqlFile } from '../sql-file.js';

export interface AttemptRow {
  readonly attempt: number;
  readonly epoch: number;
  readonly provider_id: ProviderId | null;
  readonly started_at: string;
  readonly phase: Phase;
  readonly outcome: Exclude<Outcome['kind'], 'refused'>;
  readonly reply_code: number | null;
  readonly reply_enhanced: string | null;
  readonly reply_text: string | null;
  readonly error: string | null;
  readonly connect_ms: number | null;
  readonly envelope_ms: number | null;
  readonly arm_ms: number | null;
  readonly reply_ms: number | null;
}

/** A delivery with its attempts, as stored. */
export interface DeliveryRow {
  readonly id: DeliveryId;
  readonly email_id: EmailId;
  readonly mailbox: string;
  readonly address: string;
  readonly status: DeliveryStatus;
  readonly lane: Lane;
  readonly mode: Mode;
  readonly attempt: number;
  readonly epoch: number;
  readonly version: number;
  readonly possible_duplicate: boolean;
  /** When its user wanted it. */
  readonly eligible_at: Date;
  /** When it is tried next, or was tried last. */
  readonly due_at: Date;
  readonly armed_at: Date | null;
  readonly hold_until: Date | null;
  readonly finished_at: Date | null;
  readonly provider_id: ProviderId | null;
  readonly reason: string | null;
  readonly reply_code: number | null;
  readonly reply_enhanced: string | null;
  readonly reply_text: string | null;
  readonly created_at: Date;
  readonly late_ms: number | null;
  readonly visibility: Visibility;
  readonly from_mailbox: string;
  /** Of its email. */
  readonly job_id: JobId | null;
  readonly attempts: readonly AttemptRow[];
}

const readStatement = sqlFile('./read-deliveries.sql', import.meta.url);
const listStatement = sqlFile('./list-of-email.sql', import.meta.url);
const listBeforeStatement = sqlFile('./list-of-email-before.sql', import.meta.url);

/** Deliveries of a tenant and mode, in the order asked; those that do not exist for it are left out. */
export async function readDeliveries(
  db: Queryable,
  tenantId: TenantId,
  mode: Mode,
  ids: readonly DeliveryId[],
): Promise<DeliveryRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<DeliveryRow & Record<string, unknown>>({
    ...readStatement,
    values: [tenantId, mode, ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** One delivery; undefined: it does not exist for this tenant and mode. */
export async function getDelivery(
  db: Queryable,
  tenantId: TenantId,
  mode: Mode,
  id: DeliveryId,
): Promise<DeliveryRow | undefined> {
  const [row] = await readDeliveries(db, tenantId, mode, [id]);
  return row;
}

/** Ids of an email's copies, oldest first; one more than the limit where there are more. */
export async function listDeliveriesOfEmail(
  db: Queryable,
  caller: { readonly tenantId: TenantId; readonly mode: Mode },
  emailId: EmailId,
  { limit, after, before }: Page<DeliveryId>,
): Promise<DeliveryId[]> {
  const statement = before === undefined ? listStatement : listBeforeStatement;
  const values = [caller.tenantId, emailId, caller.mode, before ?? after ?? null, limit + 1];
  const { rows } = await db.query<{ id: DeliveryId }>({ ...statement, values });
  return rows.map(({ id }) => id);
}
