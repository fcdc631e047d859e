import {
  campaignStatus,
  cancellation,
  type Cancellation,
  cancellationOf,
  countByStatus,
  messageId,
  publicId,
  singleStatus,
  type Wish,
} from '#domain';
import type { CopyRow, EmailRow } from '#storage';

/** At most so many copies are shown inside their email. */
const SHOWN_COPIES = 50;

/** An email as the API and realtime clients show it (interface 3.1). Fields of features to come are null or empty. */
export function emailView(email: EmailRow) {
  const { audience } = email;
  const counts = audience?.counts ?? countByStatus(email.copies.map(({ status }) => status));
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    object: 'email' as const,
    id: publicId('email', email.id),
    kind: email.kind,
    class: email.class,
    mode: email.mode,
    status: audience
      ? campaignStatus({ noted: email.status, ...audience })
      : singleStatus(counts, email.status === 'paused'),
    version: email.version,
    from: email.from_mailbox,
    to: email.to_mailboxes,
    cc: email.cc_mailboxes,
    bcc: email.bcc_mailboxes,
    replyTo: email.reply_to,
    subject: email.subject,
    text: email.text_body,
    html: email.html_body,
    template: null,
    attachments: email.attachments,
    headers: email.headers,
    scheduledAt: email.scheduled_at.toISOString(),
    schedule: email.wish && scheduleView(email.wish),
    expiresAt: email.expires_at?.toISOString() ?? null,
    graceSeconds: email.grace_seconds,
    retryForSeconds: email.retry_for_seconds,
    onMissed: email.on_missed,
    onUnknown: email.on_unknown,
    visibility: email.visibility,
    windows: email.windows,
    ownerId: email.owner_id,
    tags: email.tags,
    correlationKey: email.correlation_key,
    jobId: email.job_id && publicId('job', email.job_id),
    campaignId: email.kind === 'campaign' ? publicId('campaign', email.id) : null,
    triggerId: null,
    messageId: email.visibility === 'shared' ? messageId('email', email.id, email.from_mailbox) : null,
    counts: { total: audience ? total : email.total, ...counts },
    feedback: { delivered: 0, bounced: 0, complained: 0, opened: 0, clicked: 0, unsubscribed: 0 },
    deliveries: email.copies.slice(0, SHOWN_COPIES).map(copyView),
    createdAt: email.created_at.toISOString(),
    updatedAt: email.updated_at.toISOString(),
  };
}

/** As it was wished; what was left out is null. */
const scheduleView = ({ local, timeZone, fallback, ifPast }: Wish) => ({
  local,
  timeZone,
  fallback: fallback ?? null,
  ifPast: ifPast ?? null,
});

export type EmailView = ReturnType<typeof emailView>;

/** An email in a list: everything but its bodies. */
export function emailListItem(email: EmailRow): Omit<EmailView, 'text' | 'html'> {
  const { text: _text, html: _html, ...item } = emailView(email);
  return item;
}

/** A cancelled email with what the cancel caught. */
export const cancelledEmailView = (email: EmailRow): EmailView & { cancellation: Cancellation } => ({
  ...emailView(email),
  cancellation: email.audience
    ? cancellationOf(email.audience.counts)
    : cancellation(email.copies.map(({ status }) => status)),
});

const copyView = ({ id, mailbox, status }: CopyRow) => ({ id: publicId('delivery', id), to: mailbox, status });
