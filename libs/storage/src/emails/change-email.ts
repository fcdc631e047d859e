import type { DeliveryId, EmailId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { attachmentRow, type NewAttachment } from './attachments.js';
import type { EmailRow } from './read-emails.js';

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
  readonly render: EmailRow['render'];
  readonly data: EmailRow['data'];
  readonly headers: EmailRow['headers'];
  /** null: as they were. */
  readonly attachments: readonly NewAttachment[] | null;
  /** null: as it was. */
  readonly scheduledAt: Date | null;
  readonly wish: EmailRow['wish'];
  readonly windows: EmailRow['windows'];
  readonly visibility: EmailRow['visibility'];
  readonly onUnknown: EmailRow['on_unknown'];
  readonly retryForSeconds: number;
  readonly expiresAt: Date | null;
  readonly graceSeconds: number;
  readonly onMissed: EmailRow['on_missed'];
  readonly ownerId: string | null;
  readonly tags: EmailRow['tags'];
  readonly correlationKey: string | null;
  readonly total: number;
  /** Whether what was rendered before is void. */
  readonly contentChanged: boolean;
}

const statements = {
  markCancelled: sqlFile('./mark-cancelled.sql', import.meta.url),
  retag: sqlFile('./retag-email.sql', import.meta.url),
  deadlines: sqlFile('./set-deadlines.sql', import.meta.url),
  update: sqlFile('./update-email.sql', import.meta.url),
  now: sqlFile('./read-now.sql', import.meta.url),
};

/** Milliseconds since 1970 by the database. */
export async function readNow(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ now_ms: number }>({ ...statements.now, values: [] });
  return rows[0]?.now_ms ?? 0;
}

/** Notes that emails were cancelled; their new versions. */
export async function markCancelled(
  tx: Queryable,
  tenantId: TenantId,
  emails: readonly { readonly id: EmailId; readonly hasCopiesInFlight: boolean }[],
): Promise<ReadonlyMap<EmailId, number>> {
  const values = [tenantId, emails.map(({ id }) => id), emails.map(({ hasCopiesInFlight }) => hasCopiesInFlight)];
  const { rows } = await tx.query<{ id: EmailId; version: number }>({ ...statements.markCancelled, values });
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** Lists an email, whose copies the caller holds locked, under other tags. */
export async function retagEmail(
  tx: Queryable,
  { tenantId, mode, emailId }: { readonly tenantId: TenantId; readonly mode: Mode; readonly emailId: EmailId },
  was: EmailRow['tags'],
  is: EmailRow['tags'],
): Promise<void> {
  await tx.query({ ...statements.retag, values: [tenantId, mode, emailId, JSON.stringify(was), JSON.stringify(is)] });
}

/** Gives locked copies of an email, which are not armed, another grace and expiry. */
export async function setDeadlines(
  tx: Queryable,
  { tenantId, emailId }: { readonly tenantId: TenantId; readonly emailId: EmailId },
  ids: readonly DeliveryId[],
  { graceSeconds, expiresAt }: Pick<EditedEmail, 'graceSeconds' | 'expiresAt'>,
): Promise<void> {
  await tx.query({ ...statements.deadlines, values: [tenantId, emailId, ids, graceSeconds, expiresAt] });
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
    JSON.stringify(email.headers),
    email.attachments && JSON.stringify(email.attachments.map(attachmentRow)),
    JSON.stringify(email.tags),
    email.correlationKey,
    email.expiresAt,
    email.graceSeconds,
    email.onMissed,
    email.wish && JSON.stringify(email.wish),
    JSON.stringify(email.windows),
    email.render,
    email.data && JSON.stringify(email.data),
  ];
  const { rows } = await tx.query<{ version: number; scheduled_at: Date }>({ ...statements.update, values });
  const [row] = rows;
  if (!row) throw new Error(`email ${emailId} vanished under its lock`);
  return row;
}
