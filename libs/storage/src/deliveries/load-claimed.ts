import {
  bindingWindows,
  chooseZone,
  type DeliveryId,
  type EmailClass,
  type EmailId,
  type JobId,
  type Lane,
  type LimitId,
  type Mode,
  type ProcessId,
  type SendWindows,
  type TenantId,
  type UnknownPolicy,
  type Visibility,
} from '#domain';
import type { Queryable } from '../database.js';
import type { AttachmentRow } from '../emails/attachments.js';
import { sqlFile } from '../sql-file.js';
import { type Claim, claimColumns } from './claim.js';

/** A claimed delivery with everything that its sending needs. */
export interface ClaimedDelivery extends Claim {
  readonly emailId: EmailId;
  readonly attempt: number;
  readonly mode: Mode;
  readonly lane: Lane;
  /** As written by the user, name and all. */
  readonly mailbox: string;
  /** Bare, for the envelope. */
  readonly address: string;
  readonly resends: number;
  readonly possibleDuplicate: boolean;
  readonly dueMs: number;
  /** When it was wished for; `dueMs` is also moved by whatever it had to wait for. */
  readonly eligibleMs: number;
  readonly lateMs: number;
  /** Since its first claim. */
  readonly waitedSeconds: number;
  readonly budgetLeftSeconds: number;
  readonly createdMs: number;
  readonly class: EmailClass;
  readonly visibility: Visibility;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Without their bytes: those are loaded once for all copies, when they are needed. */
  readonly attachments: readonly AttachmentRow[];
  readonly contentVersion: number;
  readonly onUnknown: UnknownPolicy;
  readonly ownerId: string | null;
  readonly jobId: JobId | null;
  /** The limits that its grant was taken from. */
  readonly charged: readonly LimitId[];
  readonly recipientKey: string;
  /** Its recipient gets nothing more: it is not to be sent, and the gate would refuse it. */
  readonly isSuppressed: boolean;
  readonly render: 'none' | 'liquid';
  /** It is one of an audience: what it shows is its recipient's, not the same for all copies. */
  readonly hasOwnData: boolean;
  /** Of one of an audience, as uploaded; null: nobody named it. Known where something is rendered. */
  readonly recipientName: string | null;
  /** What the placeholders of its content show; null: nothing. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** All have to be open. */
  readonly windows: readonly SendWindows[];
  /** Where its recipient is, as far as anybody knows. */
  readonly timeZone: string;
  /** By the clock of the database. */
  readonly loadedMs: number;
  /** The same moment by `performance.now()` of this process: what is loaded may wait in memory for minutes. */
  readonly loadedTickMs: number;
}

interface Row {
  tenant_id: TenantId;
  id: DeliveryId;
  epoch: number;
  attempt: number;
  email_id: EmailId;
  mode: Mode;
  lane: Lane;
  mailbox: string;
  address: string;
  resends: number;
  possible_duplicate: boolean;
  due_ms: number;
  eligible_ms: number;
  late_ms: number;
  waited_seconds: number;
  budget_left_seconds: number;
  created_ms: number;
  class: EmailClass;
  visibility: Visibility;
  from_mailbox: string;
  to_mailboxes: string[];
  cc_mailboxes: string[];
  reply_to: string[];
  subject: string;
  text_body: string | null;
  html_body: string | null;
  headers: Record<string, string>;
  attachments: AttachmentRow[];
  content_version: number;
  on_unknown: UnknownPolicy;
  owner_id: string | null;
  job_id: JobId | null;
  is_suppressed: boolean;
  charged: LimitId[] | null;
  recipient_key: string;
  render: 'none' | 'liquid';
  counted: boolean;
  recipient_name: string | null;
  data: Record<string, unknown> | null;
  windows: SendWindows;
  tenant_windows: SendWindows;
  time_zone: string | null;
  loaded_ms: number;
}

const statement = sqlFile('./load-claimed.sql', import.meta.url);

/**
 * Loads what is still queued under the epochs asked for; everything else is somebody else's by now.
 * @param sender who works on it from now on
 */
export async function loadClaimed(
  db: Queryable,
  claims: readonly Claim[],
  sender: ProcessId,
): Promise<ClaimedDelivery[]> {
  const loadedTickMs = performance.now();
  const { rows } = await db.query<Row>({ ...statement, values: [...claimColumns(claims), sender] });
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    id: row.id,
    epoch: row.epoch,
    emailId: row.email_id,
    attempt: row.attempt,
    mode: row.mode,
    lane: row.lane,
    mailbox: row.mailbox,
    address: row.address,
    resends: row.resends,
    possibleDuplicate: row.possible_duplicate,
    dueMs: row.due_ms,
    eligibleMs: row.eligible_ms,
    lateMs: Math.round(row.late_ms),
    waitedSeconds: row.waited_seconds,
    budgetLeftSeconds: row.budget_left_seconds,
    createdMs: row.created_ms,
    class: row.class,
    visibility: row.visibility,
    from: row.from_mailbox,
    to: row.to_mailboxes,
    cc: row.cc_mailboxes,
    replyTo: row.reply_to,
    subject: row.subject,
    text: row.text_body,
    html: row.html_body,
    headers: row.headers,
    attachments: row.attachments,
    contentVersion: row.content_version,
    onUnknown: row.on_unknown,
    ownerId: row.owner_id,
    jobId: row.job_id,
    isSuppressed: row.is_suppressed,
    charged: row.charged ?? [],
    recipientKey: row.recipient_key,
    render: row.render,
    hasOwnData: row.counted,
    recipientName: row.recipient_name,
    data: row.data,
    windows: bindingWindows({ class: row.class, tenantWindows: row.tenant_windows, windows: row.windows }),
    timeZone: chooseZone([row.time_zone]).timeZone,
    loadedMs: row.loaded_ms,
    loadedTickMs,
  }));
}
