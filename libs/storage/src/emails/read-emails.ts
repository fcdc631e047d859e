import type {
  CampaignFacts,
  CampaignStatus,
  DeliveryId,
  DeliveryStatus,
  EmailClass,
  EmailId,
  EmailKind,
  JobId,
  MissedPolicy,
  Mode,
  SendWindows,
  TenantId,
  UnknownPolicy,
  Visibility,
  Wish,
} from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { AttachmentRow } from './attachments.js';

/** One recipient's copy as its email shows it. */
export interface CopyRow {
  readonly id: DeliveryId;
  readonly mailbox: string;
  readonly role: 'to' | 'cc' | 'bcc';
  readonly status: DeliveryStatus;
  /** Armed, its end unknown, and waiting to be sent once more. */
  readonly held: boolean;
  /** Since when it has its status, as far as the row knows. RFC 3339. */
  readonly at: string;
}

/** An email with its copies, as stored. */
export interface EmailRow {
  readonly id: EmailId;
  readonly kind: EmailKind;
  readonly class: EmailClass;
  readonly mode: Mode;
  readonly visibility: Visibility;
  readonly status: CampaignStatus;
  readonly from_mailbox: string;
  readonly to_mailboxes: readonly string[];
  readonly cc_mailboxes: readonly string[];
  readonly bcc_mailboxes: readonly string[];
  readonly reply_to: readonly string[];
  readonly subject: string;
  readonly text_body: string | null;
  readonly html_body: string | null;
  /** Whether its content has placeholders. */
  readonly render: 'none' | 'liquid';
  /** What they show; null: nothing, or each recipient has its own. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly AttachmentRow[];
  readonly scheduled_at: Date;
  /** As it was wished; null: as an instant. */
  readonly wish: Wish | null;
  /** When may be sent, besides those of the tenant. */
  readonly windows: SendWindows;
  readonly expires_at: Date | null;
  readonly grace_seconds: number;
  readonly on_missed: MissedPolicy;
  readonly retry_for_seconds: number;
  readonly on_unknown: UnknownPolicy;
  readonly owner_id: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly correlation_key: string | null;
  /** The batch it came in. */
  readonly job_id: JobId | null;
  readonly total: number;
  readonly content_version: number;
  readonly version: number;
  readonly tombstone_at: Date | null;
  /** Cancelled while copies were in flight, and their end is still to be told. */
  readonly cancel_open: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** Of a single email; of one with an audience none is listed here. */
  readonly copies: readonly CopyRow[];
  /** How far an email with an audience is; null: of a single one `copies` says it. */
  readonly audience: Omit<CampaignFacts, 'noted'> | null;
}

const statement = sqlFile('./read-emails.sql', import.meta.url);

/** Emails of a tenant and mode, in the order asked; those that do not exist for it are left out. */
export async function readEmails(
  db: Queryable,
  tenantId: TenantId,
  mode: Mode,
  ids: readonly EmailId[],
  options: { readonly bodies: boolean },
): Promise<EmailRow[]> {
  if (ids.length === 0) return [];
  const values = [tenantId, mode, ids, options.bodies];
  const { rows } = await db.query<EmailRow & Record<string, unknown>>({ ...statement, values });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** One email with everything; undefined: it does not exist for this tenant and mode. */
export async function getEmail(
  db: Queryable,
  tenantId: TenantId,
  mode: Mode,
  id: EmailId,
): Promise<EmailRow | undefined> {
  const [row] = await readEmails(db, tenantId, mode, [id], { bodies: true });
  return row;
}
