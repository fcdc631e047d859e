import type { DeliveryStatus } from '../delivery/delivery-status.js';

/** The states of an email with an audience (interface 3.3); the last three are final. */
export const CAMPAIGN_STATUSES = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'completed',
  'completed_with_errors',
  'cancelled',
] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const CAMPAIGN_ACTIONS = ['start', 'pause', 'resume', 'cancel'] as const;
export type CampaignAction = (typeof CAMPAIGN_ACTIONS)[number];

export interface CampaignFacts {
  /** As last noted: what its users wanted of it, and where it stood then. */
  readonly noted: CampaignStatus;
  /** Its recipients are being made into copies. */
  readonly expanding: boolean;
  /** It repeats, and runs of it are still to come. */
  readonly isRepeating: boolean;
  /** Its time has not come. */
  readonly isAhead: boolean;
  readonly counts: Readonly<Record<DeliveryStatus, number>>;
}

/** Where a campaign stands now: final only when all its copies, or runs, are made and no copy is open. */
export function campaignStatus({ noted, expanding, isRepeating, isAhead, counts }: CampaignFacts): CampaignStatus {
  if (noted === 'draft' || noted === 'cancelled') return noted;
  const { scheduled, queued, sending, failed, unknown, cancelled } = counts;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (!expanding && !isRepeating && scheduled + queued + sending === 0) {
    if (total > 0 && cancelled === total) return 'cancelled';
    return failed + unknown > 0 ? 'completed_with_errors' : 'completed';
  }
  if (noted === 'paused') return 'paused';
  return isAhead && scheduled === total ? 'scheduled' : 'running';
}

/** What an action finds: something to do, nothing because it is so already, or a state that it does not fit. */
export type CampaignVerdict = 'do' | 'repeat' | 'conflict';

const FITS: Readonly<
  Record<CampaignAction, { readonly from: readonly CampaignStatus[]; readonly so: readonly CampaignStatus[] }>
> = {
  start: { from: ['draft'], so: ['scheduled', 'running'] },
  pause: { from: ['scheduled', 'running'], so: ['paused'] },
  resume: { from: ['paused'], so: ['scheduled', 'running'] },
  cancel: { from: ['draft', 'scheduled', 'running', 'paused'], so: ['cancelled'] },
};

export function decideAction(action: CampaignAction, status: CampaignStatus): CampaignVerdict {
  const { from, so } = FITS[action];
  if (from.includes(status)) return 'do';
  return so.includes(status) ? 'repeat' : 'conflict';
}
