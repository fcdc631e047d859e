import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../delivery/delivery-status.js';
import {
  CAMPAIGN_ACTIONS,
  CAMPAIGN_STATUSES,
  type CampaignAction,
  type CampaignFacts,
  type CampaignStatus,
  campaignStatus,
  decideAction,
} from './campaign-status.js';

const counts = (some: Partial<Record<DeliveryStatus, number>> = {}) =>
  Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, some[status] ?? 0])) as Record<DeliveryStatus, number>;
const facts = (wish: Partial<CampaignFacts>): CampaignFacts => ({
  noted: 'running',
  expanding: false,
  isRepeating: false,
  isAhead: false,
  counts: counts(),
  ...wish,
});
const FINAL = ['completed', 'completed_with_errors', 'cancelled'];

describe('a campaign', () => {
  it.each<[CampaignStatus, Partial<CampaignFacts>]>([
    ['scheduled', { noted: 'scheduled', isAhead: true, counts: counts({ scheduled: 2 }) }],
    ['scheduled', { noted: 'scheduled', isAhead: true, expanding: true }],
    ['running', { noted: 'scheduled', counts: counts({ scheduled: 2 }) }],
    ['scheduled', { noted: 'scheduled', isAhead: true, isRepeating: true }],
    ['running', { isRepeating: true }],
    ['paused', { noted: 'paused', isRepeating: true }],
    ['running', { expanding: true, counts: counts({ sent: 2 }) }],
    ['running', { noted: 'completed', counts: counts({ sent: 1, scheduled: 1 }) }],
    ['paused', { noted: 'paused', counts: counts({ scheduled: 1, sent: 1 }) }],
    ['completed', { noted: 'paused', counts: counts({ sent: 1 }) }],
    ['completed', { counts: counts() }],
    ['completed_with_errors', { counts: counts({ sent: 1, unknown: 1 }) }],
    ['cancelled', { counts: counts({ cancelled: 2 }) }],
    ['cancelled', { noted: 'cancelled', counts: counts({ sending: 1 }) }],
    ['draft', { noted: 'draft' }],
  ])('is %s: %j', (status, some) => expect(campaignStatus(facts(some))).toBe(status));

  it('that nobody cancelled is final when, and only when, nothing is open', () => {
    const anyCounts = fc.record(Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, fc.nat(3)])));
    fc.assert(
      fc.property(anyCounts, fc.boolean(), fc.boolean(), (some, expanding, isAhead) => {
        const all = counts(some);
        const isOpen = expanding || all.scheduled + all.queued + all.sending > 0;
        expect(FINAL.includes(campaignStatus(facts({ counts: all, expanding, isAhead })))).toBe(!isOpen);
      }),
    );
  });
});

describe('an action', () => {
  it.each<[CampaignAction, CampaignStatus, string]>([
    ['start', 'draft', 'do'],
    ['start', 'running', 'repeat'],
    ['start', 'paused', 'conflict'],
    ['pause', 'running', 'do'],
    ['pause', 'paused', 'repeat'],
    ['pause', 'draft', 'conflict'],
    ['resume', 'completed', 'conflict'],
    ['resume', 'running', 'repeat'],
    ['cancel', 'draft', 'do'],
    ['cancel', 'cancelled', 'repeat'],
    ['cancel', 'completed', 'conflict'],
  ])('%s of one that is %s: %s', (action, status, verdict) => expect(decideAction(action, status)).toBe(verdict));

  it('never changes what has come to its end', () => {
    for (const action of CAMPAIGN_ACTIONS)
      for (const status of CAMPAIGN_STATUSES.filter((one) => FINAL.includes(one)))
        expect(decideAction(action, status)).not.toBe('do');
  });
});
