import { type DeliveryId, type EmailId, type JobId, type Mode, parseAddress, publicId, type TenantId } from '#domain';
import { emailCreatedV1 } from '#events';
import { createEmails, type Database, newId, outboxEvent } from '#storage';

export interface StoredEmail {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly id: EmailId;
  readonly deliveryId: DeliveryId;
}

/** An email with one copy and its `email.created`, as the scheduler stores them. For specs. */
export async function storeEmail(
  db: Database,
  wish: {
    readonly tenantId: TenantId;
    readonly to: string;
    readonly mode?: Mode;
    readonly ownerId?: string;
    readonly jobId?: JobId;
  },
): Promise<StoredEmail> {
  const { tenantId, to, mode = 'test', ownerId = null, jobId = null } = wish;
  const parsed = parseAddress(to);
  if (parsed.kind === 'bad') throw new Error(parsed.detail);
  const { address, key } = parsed.mailbox;
  const [id, deliveryId] = [newId<EmailId>(), newId<DeliveryId>()];
  const about = { tenantId, mode, source: 'spec', actor: 'system', emailId: id, deliveryId: null, version: 1 };
  const created = outboxEvent(emailCreatedV1, about, {
    emailId: publicId('email', id),
    kind: 'single',
    class: 'transactional',
    total: 1,
    ownerId,
    jobId: jobId && publicId('job', jobId),
    version: 1,
  });
  await createEmails(db, [
    {
      tenantId,
      id,
      class: 'transactional',
      mode,
      lane: 'transactional',
      visibility: 'shared',
      from: 'ada@acme.test',
      to: [to],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: 'Hi',
      text: 'It works',
      html: null,
      headers: {},
      attachments: [],
      expiresAt: null,
      onMissed: 'expire',
      tags: {},
      correlationKey: null,
      jobId,
      scheduledAt: null,
      graceSeconds: 60,
      retryForSeconds: 60,
      onUnknown: 'at_least_once',
      ownerId,
      deliveries: [{ id: deliveryId, role: 'to', mailbox: to, address, recipientKey: key }],
      event: created,
    },
  ]);
  return { tenantId, mode, id, deliveryId };
}
