import {
  type DeliveryId,
  type EmailId,
  type Mode,
  type ProcessId,
  publicId,
  type TenantId,
  type UnknownPolicy,
} from '#domain';
import { emailCreatedV1 } from '#events';
import { claimDue, type ClaimedDelivery, createEmails, type Database, loadClaimed, newId, outboxEvent } from '#storage';

interface Wish {
  readonly mode?: Mode;
  readonly onUnknown?: UnknownPolicy;
  readonly from?: string;
}

/** Stores an email that is due now and claims it, as scheduler and poller would; answers its one delivery. */
export async function storeAndClaim(db: Database, wish: Wish = {}): Promise<ClaimedDelivery> {
  const { mode = 'test', onUnknown = 'at_least_once', from = 'Acme <mail@acme.test>' } = wish;
  const [tenantId, id, address] = [newId<TenantId>(), newId<EmailId>(), 'ada@example.com'];
  const about = { tenantId, mode, source: 'scheduler', actor: 'system', emailId: id, deliveryId: null, version: 1 };
  const email = {
    tenantId,
    id,
    class: 'transactional' as const,
    mode,
    lane: 'transactional' as const,
    visibility: 'shared' as const,
    from,
    to: [address],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: 'Hi',
    text: 'It works',
    html: null,
    headers: {},
    attachments: [],
    expiresAt: null,
    onMissed: 'expire' as const,
    tags: {},
    correlationKey: null,
    jobId: null,
    scheduledAt: null,
    graceSeconds: 600,
    retryForSeconds: 86_400,
    onUnknown,
    ownerId: null,
    deliveries: [{ id: newId<DeliveryId>(), role: 'to' as const, mailbox: address, address, recipientKey: address }],
    event: outboxEvent(emailCreatedV1, about, {
      emailId: publicId('email', id),
      kind: 'single',
      class: 'transactional',
      total: 1,
      ownerId: null,
      jobId: null,
      version: 1,
    }),
  };
  await createEmails(db, [email]);
  const request = { lane: email.lane, batch: 1_000, watermarkMs: null, lookAheadMs: 0, grantSeconds: 20 };
  const { claims } = await claimDue(db, { ...request, poller: newId<ProcessId>() });
  const [delivery] = await loadClaimed(
    db,
    claims.filter((claim) => claim.tenantId === tenantId),
    newId<ProcessId>(),
  );
  if (!delivery) throw new Error('the delivery was not claimed');
  return delivery;
}
