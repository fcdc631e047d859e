import type { DeadLetterId, DeliveryId, EmailId, JobId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

export const DEAD_LETTER_KINDS = ['delivery', 'record', 'app_event', 'webhook'] as const;
export type DeadLetterKind = (typeof DEAD_LETTER_KINDS)[number];

export const DEAD_LETTER_STATUSES = ['open', 'redriven', 'discarded'] as const;
export type DeadLetterStatus = (typeof DEAD_LETTER_STATUSES)[number];

/** A dead letter as stored. */
export interface DeadLetterRow {
  readonly id: DeadLetterId;
  readonly kind: DeadLetterKind;
  readonly reason: string;
  readonly status: DeadLetterStatus;
  readonly delivery_id: DeliveryId | null;
  readonly email_id: EmailId | null;
  readonly job_id: JobId | null;
  readonly attempts: number;
  readonly error: string | null;
  /** The last one, line by line. */
  readonly conversation: readonly string[];
  readonly topic: string | null;
  readonly partition: number | null;
  /** A whole number; Kafka's may be larger than ours. */
  readonly record_offset: string | null;
  /** null also where it was not asked for. */
  readonly payload: Buffer | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  /** Why it was discarded. */
  readonly note: string | null;
}

const statement = sqlFile('./read-dead-letters.sql', import.meta.url);

/** Dead letters in the order asked; those that do not exist for this tenant and mode are left out. */
export async function readDeadLetters(
  db: Queryable,
  { tenantId, mode }: { readonly tenantId: TenantId; readonly mode: Mode },
  ids: readonly DeadLetterId[],
  options: { readonly payloads: boolean },
): Promise<DeadLetterRow[]> {
  if (ids.length === 0) return [];
  const values = [tenantId, mode, ids, options.payloads];
  const { rows } = await db.query<DeadLetterRow & Record<string, unknown>>({ ...statement, values });
  return rows;
}
