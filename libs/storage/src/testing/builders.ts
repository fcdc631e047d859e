import type { DeliveryId, DeliveryStatus, EmailId, EventId, ProcessId, ProviderId, TenantId } from '#domain';
import { deliverySentV1, emailCreatedV1, type EventDefinition } from '#events';
import { publicId } from '#domain';
import type { Queryable } from '../database.js';
import type { ArmAsk } from '../deliveries/arm.js';
import { claimDue, type ClaimRequest, type DueClaim } from '../deliveries/claim-due.js';
import type { Claim } from '../deliveries/claim.js';
import type { SettleAsk } from '../deliveries/settle.js';
import { createEmails } from '../emails/create-emails.js';
import type { NewDelivery, NewEmail } from '../emails/new-email.js';
import { newId } from '../new-id.js';
import type { OutboxEvent } from '../outbox/outbox-event.js';
import { rowsOf } from './spec-database.js';

export const aTenant = (): TenantId => newId<TenantId>();

export const aCopy = (): NewDelivery => ({
  id: newId<DeliveryId>(),
  role: 'to',
  mailbox: 'Bob <bob@example.com>',
  address: 'bob@example.com',
  recipientKey: 'bob@example.com',
});

/** An email to one recipient, due at once. */
export function anEmail(wish: Partial<NewEmail> = {}): NewEmail {
  const id = wish.id ?? newId<EmailId>();
  const tenantId = wish.tenantId ?? aTenant();
  return {
    tenantId,
    id,
    class: 'transactional',
    mode: 'test',
    lane: 'transactional',
    visibility: 'individual',
    from: 'ada@acme.test',
    to: ['bob@example.com'],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: 'hi',
    text: 'hi',
    html: null,
    headers: {},
    attachments: [],
    scheduledAt: null,
    expiresAt: null,
    graceSeconds: 86_400,
    onMissed: 'expire',
    retryForSeconds: 86_400,
    onUnknown: 'at_least_once',
    ownerId: null,
    tags: {},
    correlationKey: null,
    jobId: null,
    deliveries: [aCopy()],
    event: anEvent(emailCreatedV1, { tenantId, emailId: id }),
    ...wish,
  };
}

/** An event whose data only this spec reads. */
export function anEvent(
  definition: EventDefinition,
  about: { readonly tenantId: TenantId; readonly emailId: EmailId; readonly deliveryId?: DeliveryId; version?: number },
): OutboxEvent {
  const { tenantId, emailId, deliveryId = null, version = 1 } = about;
  return {
    eventId: newId<EventId>(),
    tenantId,
    mode: 'test',
    topic: definition.topic.name,
    key: deliveryId === null ? publicId('email', emailId) : publicId('delivery', deliveryId),
    type: definition.type,
    eventVersion: definition.version,
    source: 'spec',
    actor: 'system',
    emailId,
    deliveryId,
    version,
    data: '{}',
  };
}

export const aClaimRequest = (wish: Partial<ClaimRequest> = {}): ClaimRequest => ({
  lane: 'transactional',
  batch: 500,
  watermarkMs: null,
  lookAheadMs: 0,
  grantSeconds: 20,
  poller: newId<ProcessId>(),
  ...wish,
});

export const aProcess = (): ProcessId => newId<ProcessId>();

export const anArm = (claim: Claim, wish: Partial<ArmAsk> = {}): ArmAsk => ({
  tenantId: claim.tenantId,
  id: claim.id,
  epoch: claim.epoch,
  contentVersion: 1,
  providerId: newId<ProviderId>(),
  ...wish,
});

/** An accepted attempt; `wish` makes it another one. */
export const aSettle = (claim: Claim, emailId: EmailId, wish: Partial<SettleAsk> = {}): SettleAsk => ({
  tenantId: claim.tenantId,
  id: claim.id,
  epoch: claim.epoch,
  emailId,
  status: 'sent',
  armed: true,
  counts: true,
  delaySeconds: 0,
  holdSeconds: 0,
  reason: null,
  reply: { code: 250, enhanced: '2.0.0', text: 'ok' },
  providerId: null,
  attempt: 1,
  phase: 'reply_received',
  outcome: 'accepted',
  error: null,
  tookMs: 5,
  connectMs: 1,
  envelopeMs: 1,
  armMs: 1,
  replyMs: 1,
  event: anEvent(deliverySentV1, { tenantId: claim.tenantId, emailId, deliveryId: claim.id, version: 0 }),
  ...wish,
});

/** The gate said yes and the reply never came; kept on hold for a second sending. */
export const aHold = (claim: Claim, emailId: EmailId, holdSeconds = 600): SettleAsk =>
  aSettle(claim, emailId, {
    status: 'sending',
    holdSeconds,
    reply: null,
    phase: 'dot_released',
    outcome: 'unknown',
    event: null,
  });

/** A failure before the dot, to be tried again. */
export const aRetry = (claim: Claim, emailId: EmailId, delaySeconds = 60): SettleAsk =>
  aSettle(claim, emailId, {
    status: 'scheduled',
    armed: false,
    delaySeconds,
    reason: 'temporary',
    reply: null,
    phase: 'connecting',
    outcome: 'temporary',
    error: 'refused',
  });

/** Stores emails that are due and claims them; their claims, copy by copy. */
export async function claimed(db: Queryable, emails: readonly NewEmail[]): Promise<readonly DueClaim[]> {
  await createEmails(db, emails);
  const { claims } = await claimDue(db, aClaimRequest({ batch: 10_000 }));
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  return emails.flatMap(({ deliveries }) => deliveries.flatMap(({ id }) => byId.get(id) ?? []));
}

/** A delivery as the table has it. */
export interface StoredDelivery {
  readonly id: DeliveryId;
  readonly status: DeliveryStatus;
  readonly epoch: number;
  readonly version: number;
  readonly attempt: number;
  readonly lost_claims: number;
  readonly resends: number;
  readonly possible_duplicate: boolean;
  readonly due_at: Date;
  readonly armed_at: Date | null;
  readonly hold_until: Date | null;
  readonly grant_until: Date | null;
  readonly finished_at: Date | null;
  readonly reason: string | null;
}

export async function stored(db: Queryable, id: DeliveryId): Promise<StoredDelivery> {
  const [row] = await rowsOf<StoredDelivery & Record<string, unknown>>(db, 'select * from deliveries where id = $1', [
    id,
  ]);
  if (!row) throw new Error(`there is no delivery ${id}`);
  return row;
}

/** How many rows there are that say when a delivery is due. */
export async function dueRows(db: Queryable, id: DeliveryId): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(db, 'select count(*)::int as n from due where id = $1', [id]);
  return row?.n ?? 0;
}

/** Whether the reconciler would find the delivery under its present epoch. */
export async function isCovered(db: Queryable, id: DeliveryId): Promise<boolean> {
  const rows = await rowsOf(
    db,
    `select from claims c, unnest(c.deliveries, c.epochs) m (id, epoch) join deliveries d on d.id = m.id and d.epoch = m.epoch
      where d.id = $1`,
    [id],
  );
  return rows.length > 0;
}

/** Lets the grants of claims run out, as if time had passed. */
export async function expireGrants(db: Queryable, ids: readonly DeliveryId[]): Promise<void> {
  await rowsOf(
    db,
    `update deliveries set grant_until = clock_now() - interval '1 minute' where id = any ($1::uuid[])`,
    [ids],
  );
  await rowsOf(db, `update claims set grant_until = clock_now() - interval '1 minute' where deliveries && $1::uuid[]`, [
    ids,
  ]);
}
