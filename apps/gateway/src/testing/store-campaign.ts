import type { EmailId, TenantId } from '#domain';
import { createCampaign, type Database, newId } from '#storage';
import type { StoredEmail } from './store-email.js';

/** A draft without recipients, in test mode: what is told of it is told of its email. For specs. */
export async function storeCampaign(db: Database, tenantId: TenantId): Promise<Omit<StoredEmail, 'deliveryId'>> {
  const [id, mode] = [newId<EmailId>(), 'test' as const];
  await createCampaign(db, {
    tenantId,
    id,
    mode,
    kind: 'campaign',
    state: 'draft',
    actor: 'spec',
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
    graceSeconds: 60,
    onMissed: 'expire',
    retryForSeconds: 60,
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
  });
  return { tenantId, mode, id };
}
