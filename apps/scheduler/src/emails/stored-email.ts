import type { EmailRow, NewEmail } from '#storage';

/** What was just stored, without reading it again. */
export function rowOf(
  email: NewEmail,
  { scheduledAt, createdAt }: { readonly scheduledAt: Date; readonly createdAt: Date },
): EmailRow {
  return {
    id: email.id,
    kind: 'single',
    class: email.class,
    mode: email.mode,
    visibility: email.visibility,
    status: 'scheduled',
    from_mailbox: email.from,
    to_mailboxes: email.to,
    cc_mailboxes: email.cc,
    bcc_mailboxes: email.bcc,
    reply_to: email.replyTo,
    subject: email.subject,
    text_body: email.text,
    html_body: email.html,
    scheduled_at: scheduledAt,
    retry_for_seconds: email.retryForSeconds,
    on_unknown: email.onUnknown,
    owner_id: email.ownerId,
    total: email.deliveries.length,
    content_version: 1,
    version: 1,
    tombstone_at: null,
    cancel_open: false,
    created_at: createdAt,
    updated_at: createdAt,
    copies: email.deliveries.map(({ id, mailbox, role }) => ({
      id,
      mailbox,
      role,
      status: 'scheduled',
      held: false,
      at: createdAt.toISOString(),
    })),
  };
}
