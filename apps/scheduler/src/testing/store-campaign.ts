import type { EmailId } from '#domain';
import {
  addRecipients,
  createCampaign,
  type Database,
  ensureTenant,
  expandChunk,
  holdExpansion,
  newId,
  type NewCampaign,
} from '#storage';

/** A campaign of the developer's tenant to so many, stored with all its copies by the statements that do it. */
export async function storeCampaign(
  db: Database,
  count: number,
  wish: Partial<NewCampaign> = {},
): Promise<{ readonly id: EmailId }> {
  const tenantId = await ensureTenant(db, 'dev');
  const audience = { expanding: true, recipients: count, merged: 0, rejected: 0, lastPlace: count };
  const campaign: NewCampaign = { ...PLAIN, tenantId, id: newId<EmailId>(), audience, ...wish };
  const recipients = Array.from({ length: count }, (_, i) => recipient(`r${i}@campaign.example`));
  await db.transaction(async (tx) => {
    await createCampaign(tx, campaign);
    await addRecipients(tx, campaign, 0, recipients);
    const held = await holdExpansion(tx, campaign);
    if (held) await expandChunk(tx, campaign, { after: 0, upTo: count, dueAt: held.scheduledAt, zones: [] });
  });
  return campaign;
}

const recipient = (address: string) => ({
  key: address,
  mailbox: address,
  address,
  name: null,
  timeZone: null,
  data: null,
});

const PLAIN: Omit<NewCampaign, 'tenantId' | 'id' | 'audience'> = {
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
};
