import type { DeliveryId, EmailId, TenantId } from '#domain';
import { type ClaimedDelivery, newId } from '#storage';

/** A claimed delivery with nothing remarkable about it. */
export const aDelivery = (wish: Partial<ClaimedDelivery> = {}): ClaimedDelivery => ({
  tenantId: newId<TenantId>(),
  id: newId<DeliveryId>(),
  epoch: 1,
  emailId: newId<EmailId>(),
  attempt: 0,
  mode: 'test',
  lane: 'transactional',
  mailbox: 'Ada <ada@example.com>',
  address: 'ada@example.com',
  resends: 0,
  possibleDuplicate: false,
  dueMs: Date.UTC(2027, 0, 5, 9),
  lateMs: 12,
  budgetLeftSeconds: 86_400,
  createdMs: Date.UTC(2027, 0, 5, 8),
  class: 'transactional',
  visibility: 'shared',
  from: 'Acme <mail@acme.test>',
  to: ['Ada <ada@example.com>'],
  cc: [],
  replyTo: [],
  subject: 'Hi',
  text: 'It works',
  html: null,
  contentVersion: 1,
  onUnknown: 'at_least_once',
  ownerId: null,
  ...wish,
});
