import { type Cancellation, cancellationOf, publicId } from '#domain';
import type { CampaignRow } from '#storage';
import { emailView } from './email.view.js';

/** A campaign as the API and realtime clients show it (interface 3.3): its email, and what only campaigns have. */
export function campaignView(campaign: CampaignRow) {
  const { to: _to, cc: _cc, bcc: _bcc, deliveries: _deliveries, ...email } = emailView(campaign);
  const isFinal = ['completed', 'completed_with_errors', 'cancelled'].includes(email.status);
  return {
    ...email,
    object: 'campaign' as const,
    id: publicId('campaign', campaign.id),
    name: campaign.name,
    pacing: {
      delaySeconds: campaign.delay_seconds,
      hourlyLimit: campaign.hourly_limit,
      spread: campaign.spread,
      weight: campaign.weight,
    },
    repeat: campaign.repeat,
    parentId: campaign.parent_id && publicId('campaign', campaign.parent_id),
    expanding: campaign.expanding,
    merged: campaign.merged,
    rejected: campaign.rejected,
    badTimeZones: campaign.bad_time_zones,
    nextSendAt: isFinal || email.status === 'paused' ? null : (campaign.next_at?.toISOString() ?? null),
  };
}

export type CampaignView = ReturnType<typeof campaignView>;

/** A campaign in a list: everything but its bodies. */
export function campaignListItem(campaign: CampaignRow): Omit<CampaignView, 'text' | 'html'> {
  const { text: _text, html: _html, ...item } = campaignView(campaign);
  return item;
}

/** A cancelled campaign with what the cancel caught. */
export const cancelledCampaignView = (campaign: CampaignRow): CampaignView & { cancellation: Cancellation } => ({
  ...campaignView(campaign),
  cancellation: cancellationOf(campaign.audience?.counts ?? NOTHING),
});

const NOTHING = {
  scheduled: 0,
  queued: 0,
  sending: 0,
  sent: 0,
  failed: 0,
  unknown: 0,
  cancelled: 0,
  expired: 0,
  suppressed: 0,
};
