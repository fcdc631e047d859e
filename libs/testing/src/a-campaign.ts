import type { EmailId, TenantId } from '#domain';
import { type NewCampaign, newId, type NewRecipient } from '#storage';

/** A campaign without recipients, to start at once. */
export const aCampaign = (wish: Partial<NewCampaign> = {}): NewCampaign => ({
  tenantId: newId<TenantId>(),
  id: newId<EmailId>(),
  mode: 'test',
  kind: 'campaign',
  state: 'open',
  actor: 'system',
  name: 'spring',
  from: 'ada@acme.test',
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
  onUnknown: 'at_most_once',
  ownerId: null,
  tags: {},
  correlationKey: null,
  render: 'none',
  wish: null,
  windows: [],
  pacing: { delaySeconds: 0, hourlyLimit: null, spread: 'even', weight: 1 },
  repeat: null,
  parentId: null,
  script: null,
  dataNames: [],
  audience: { expanding: false, recipients: 0, merged: 0, rejected: 0 },
  ...wish,
});

/** Recipients from `first` on. */
export const someRecipients = (count: number, first = 1, domain = 'example.com'): NewRecipient[] =>
  Array.from({ length: count }, (_, i) => {
    const address = `user-${first + i}@${domain}`;
    return { key: address, mailbox: address, address, name: null, timeZone: null, data: null };
  });
