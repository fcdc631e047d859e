import { CLASS_DEFAULTS, type DeliveryId, type EmailId, type Lane, publicId, type TenantId } from '#domain';
import { emailCreatedV1 } from '#events';
import { createEmails, type Database, newId, outboxEvent } from '#storage';

/** Stores an email for each time given, one copy each, and answers the due time of every copy. */
export async function storeEmails(
  db: Database,
  lane: Lane,
  times: readonly Date[],
): Promise<ReadonlyMap<DeliveryId, number>> {
  const tenantId = newId<TenantId>();
  const emails = times.map((scheduledAt, index) => {
    const id = newId<EmailId>();
    const address = `u${index}@example.com`;
    const about = {
      tenantId,
      mode: 'test' as const,
      source: 'scheduler',
      actor: 'system',
      emailId: id,
      deliveryId: null,
      version: 1,
    };
    return {
      tenantId,
      id,
      class: lane,
      mode: 'test' as const,
      lane,
      visibility: 'shared' as const,
      from: 'a@acme.test',
      to: [address],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: 'Hi',
      text: 'x',
      html: null,
      headers: {},
      attachments: [],
      expiresAt: null,
      onMissed: 'expire' as const,
      tags: {},
      correlationKey: null,
      jobId: null,
      scheduledAt,
      graceSeconds: 600,
      retryForSeconds: 600,
      onUnknown: CLASS_DEFAULTS[lane].onUnknown,
      ownerId: null,
      deliveries: [{ id: newId<DeliveryId>(), role: 'to' as const, mailbox: address, address, recipientKey: address }],
      event: outboxEvent(emailCreatedV1, about, {
        emailId: publicId('email', id),
        kind: 'single',
        class: lane,
        total: 1,
        ownerId: null,
        jobId: null,
        version: 1,
      }),
    };
  });
  for (let from = 0; from < emails.length; from += 500) await createEmails(db, emails.slice(from, from + 500));
  return new Map(emails.map(({ deliveries: [copy], scheduledAt }) => [copy?.id as DeliveryId, scheduledAt.getTime()]));
}
