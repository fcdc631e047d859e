import type { DeliveryId, DeliveryStatus, EmailId, Lane, Mode, ProviderId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { EmailRow } from './read-emails.js';

/** A copy as a change of its email needs it; locked until the transaction ends. */
export interface LockedCopy {
  readonly id: DeliveryId;
  readonly email_id: EmailId;
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
  /** Its time has come. */
  readonly is_due: boolean;
  readonly attempt: number;
  readonly provider_id: ProviderId | null;
  readonly possible_duplicate: boolean;
  readonly paused: boolean;
  /** Of a copy that is `scheduled`: why it waits, where that is known; `missed`: until a person decides. */
  readonly reason: string | null;
  readonly held: boolean;
  readonly resent: boolean;
  readonly at: string;
  readonly late_ms: number | null;
}

/** An email as a change of its state needs it, with all its copies; all locked until the transaction ends. */
export interface LockedEmail extends Pick<
  EmailRow,
  | 'id'
  | 'kind'
  | 'status'
  | 'version'
  | 'owner_id'
  | 'job_id'
  | 'scheduled_at'
  | 'tombstone_at'
  | 'cancel_open'
  | 'class'
  | 'wish'
  | 'windows'
> {
  /** In the order of their ids; never none. */
  readonly copies: readonly LockedCopy[];
}

const statements = {
  emails: sqlFile('./lock-emails.sql', import.meta.url),
  copies: sqlFile('./lock-copies.sql', import.meta.url),
  copy: sqlFile('./lock-copy.sql', import.meta.url),
};

/**
 * Locks emails and their copies against every other statement: the rows decide races with the gate (reliability 2.1).
 * Whatever else is read of them is read afterwards: what was read before may have changed while this waited.
 * Emails that do not exist for this tenant and mode, and those with an audience, are left out.
 */
export async function lockManyCopies(
  tx: Queryable,
  tenantId: TenantId,
  mode: Mode,
  emailIds: readonly EmailId[],
): Promise<LockedEmail[]> {
  const values = [tenantId, emailIds, mode];
  const emails = await tx.query<Omit<LockedEmail, 'copies'> & Record<string, unknown>>({
    ...statements.emails,
    values,
  });
  // In a statement of its own, so that it sees the copies that an edit it waited for has added.
  const copies = await tx.query<LockedCopy & Record<string, unknown>>({
    ...statements.copies,
    values: [tenantId, emails.rows.map(({ id }) => id), mode],
  });
  const byEmail = new Map<EmailId, LockedCopy[]>(emails.rows.map(({ id }) => [id, []]));
  for (const copy of copies.rows) byEmail.get(copy.email_id)?.push(copy);
  return emails.rows
    .map((email) => ({ ...email, copies: byEmail.get(email.id) ?? [] }))
    .filter((email) => email.copies.length > 0);
}

/** The same for one email; its copies, none where it does not exist for this tenant and mode. */
export async function lockCopies(
  tx: Queryable,
  tenantId: TenantId,
  mode: Mode,
  emailId: EmailId,
): Promise<readonly LockedCopy[]> {
  const [email] = await lockManyCopies(tx, tenantId, mode, [emailId]);
  return email?.copies ?? [];
}

/** One copy with the owner and the job of its email, for a change of it alone; undefined: no such delivery for this tenant and mode. */
export async function lockCopy(
  tx: Queryable,
  tenantId: TenantId,
  mode: Mode,
  id: DeliveryId,
): Promise<(LockedCopy & Pick<EmailRow, 'owner_id' | 'job_id'>) | undefined> {
  const { rows } = await tx.query<LockedCopy & Pick<EmailRow, 'owner_id' | 'job_id'> & Record<string, unknown>>({
    ...statements.copy,
    values: [tenantId, id, mode],
  });
  return rows[0];
}
