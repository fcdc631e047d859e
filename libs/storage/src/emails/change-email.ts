import type { DeliveryId, DeliveryStatus, EmailId, Lane, Mode, ProviderId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { NewDelivery } from './create-emails.js';
import type { EmailRow } from './read-emails.js';

/** A copy as a change of its email needs it; locked until the transaction ends. */
export interface LockedCopy {
  readonly id: DeliveryId;
  readonly epoch: number;
  readonly version: number;
  readonly lane: Lane;
  readonly mode: Mode;
  readonly status: DeliveryStatus;
  readonly role: 'to' | 'cc' | 'bcc';
  readonly mailbox: string;
  readonly address: string;
  readonly recipient_key: string;
  readonly due_at: Date;
  readonly attempt: number;
  readonly provider_id: ProviderId | null;
  readonly possible_duplicate: boolean;
  readonly held: boolean;
  readonly resent: boolean;
  readonly at: string;
  readonly late_ms: number | null;
}

/** A copy after a change. */
export interface ChangedCopy {
  readonly id: DeliveryId;
  readonly epoch: number;
  readonly version: number;
}

/** The content of an email as an edit leaves it. */
export interface EditedEmail {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  /** null: as it was. */
  readonly scheduledAt: Date | null;
  readonly visibility: EmailRow['visibility'];
  readonly onUnknown: EmailRow['on_unknown'];
  readonly retryForSeconds: number;
  readonly ownerId: string | null;
  readonly total: number;
  /** Whether what was rendered before is void. */
  readonly contentChanged: boolean;
}

const statements = {
  lockEmail: sqlFile('./lock-email.sql', import.meta.url),
  lock: sqlFile('./lock-copies.sql', import.meta.url),
  unqueue: sqlFile('./unqueue-copies.sql', import.meta.url),
  requeue: sqlFile('./requeue-copies.sql', import.meta.url),
  cancel: sqlFile('./cancel-copies.sql', import.meta.url),
  callOff: sqlFile('./call-off.sql', import.meta.url),
  markCancelled: sqlFile('./mark-cancelled.sql', import.meta.url),
  remove: sqlFile('./remove-copies.sql', import.meta.url),
  add: sqlFile('./add-copies.sql', import.meta.url),
  update: sqlFile('./update-email.sql', import.meta.url),
  now: sqlFile('./read-now.sql', import.meta.url),
};

/**
 * Locks an email and its copies against every other statement: the rows decide races with the gate (reliability 2.1).
 * Read the email afterwards: what was read before may have changed while this waited.
 */
export async function lockCopies(
  tx: Queryable,
  tenantId: TenantId,
  mode: Mode,
  emailId: EmailId,
): Promise<LockedCopy[]> {
  const values = [tenantId, emailId, mode];
  // In a statement of its own, so that the next one sees the copies that the edit it waited for has added.
  await tx.query({ ...statements.lockEmail, values });
  const { rows } = await tx.query<LockedCopy & Record<string, unknown>>({ ...statements.lock, values });
  return rows;
}

/** Milliseconds since 1970 by the database. */
export async function readNow(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ now_ms: number }>({ ...statements.now, values: [] });
  return rows[0]?.now_ms ?? 0;
}

/** Cancels locked copies; all of them come back. */
export async function cancelCopies(
  tx: Queryable,
  tenantId: TenantId,
  ids: readonly DeliveryId[],
  reason: 'cancelled_by_user' | 'email_cancelled',
): Promise<ChangedCopy[]> {
  await tx.query({ ...statements.unqueue, values: [tenantId, ids] });
  return changed(tx, { ...statements.cancel, values: [tenantId, ids, reason] });
}

/** Ends locked ambiguous copies as `unknown`; all of them come back. */
export async function callOff(tx: Queryable, tenantId: TenantId, ids: readonly DeliveryId[]): Promise<ChangedCopy[]> {
  await tx.query({ ...statements.unqueue, values: [tenantId, ids] });
  return changed(tx, { ...statements.callOff, values: [tenantId, ids] });
}

/** Notes that an email was cancelled; its new version. */
export async function markCancelled(
  tx: Queryable,
  tenantId: TenantId,
  emailId: EmailId,
  copiesInFlight: boolean,
): Promise<number> {
  const values = [tenantId, emailId, copiesInFlight];
  const { rows } = await tx.query<{ version: number }>({ ...statements.markCancelled, values });
  return rows[0]?.version ?? 0;
}

/** Takes locked copies back to `scheduled` under a new epoch, due at an instant, or each when it was. */
export async function requeueCopies(
  tx: Queryable,
  tenantId: TenantId,
  ids: readonly DeliveryId[],
  dueAt: Date | null,
): Promise<(ChangedCopy & { readonly due_at: Date })[]> {
  await tx.query({ ...statements.unqueue, values: [tenantId, ids] });
  const { rows } = await tx.query<ChangedCopy & { due_at: Date } & Record<string, unknown>>({
    ...statements.requeue,
    values: [tenantId, ids, dueAt],
  });
  return rows;
}

/** Removes locked copies that were never armed. */
export async function removeCopies(tx: Queryable, tenantId: TenantId, ids: readonly DeliveryId[]): Promise<void> {
  await tx.query({ ...statements.unqueue, values: [tenantId, ids] });
  await tx.query({ ...statements.remove, values: [tenantId, ids] });
}

/** Adds copies to an email whose others are locked. */
export async function addCopies(
  tx: Queryable,
  email: { readonly tenantId: TenantId; readonly id: EmailId; readonly lane: Lane; readonly mode: Mode },
  copies: readonly NewDelivery[],
  dueAt: Date,
): Promise<void> {
  const values = [
    email.tenantId,
    email.id,
    dueAt,
    copies.map(({ id }) => id),
    copies.map(() => email.lane),
    copies.map(() => email.mode),
    copies.map(({ role }) => role),
    copies.map(({ mailbox }) => mailbox),
    copies.map(({ address }) => address),
    copies.map(({ recipientKey }) => recipientKey),
  ];
  await tx.query({ ...statements.add, values });
}

/** Writes an edited email; its new version and its time. */
export async function updateEmail(
  tx: Queryable,
  tenantId: TenantId,
  emailId: EmailId,
  email: EditedEmail,
): Promise<{ readonly version: number; readonly scheduled_at: Date }> {
  const values = [
    tenantId,
    emailId,
    email.from,
    JSON.stringify(email.to),
    JSON.stringify(email.cc),
    JSON.stringify(email.bcc),
    JSON.stringify(email.replyTo),
    email.subject,
    email.text,
    email.html,
    email.scheduledAt,
    email.visibility,
    email.onUnknown,
    email.retryForSeconds,
    email.ownerId,
    email.total,
    email.contentChanged,
  ];
  const { rows } = await tx.query<{ version: number; scheduled_at: Date }>({ ...statements.update, values });
  const [row] = rows;
  if (!row) throw new Error(`email ${emailId} vanished under its lock`);
  return row;
}

async function changed(tx: Queryable, query: Parameters<Queryable['query']>[0]): Promise<ChangedCopy[]> {
  const { rows } = await tx.query<ChangedCopy & Record<string, unknown>>(query);
  return rows;
}
