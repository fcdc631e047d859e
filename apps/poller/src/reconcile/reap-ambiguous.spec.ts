import { describe, expect, it } from '@jest/globals';
import type { DeliveryId, EmailId, ProviderId, TenantId } from '#domain';
import { deliveryUnknownV1 } from '#events';
import { type AmbiguousDelivery, newId } from '#storage';
import { reapAmbiguous } from './reap-ambiguous.js';

const armed: AmbiguousDelivery = {
  tenant_id: newId<TenantId>(),
  id: newId<DeliveryId>(),
  epoch: 3,
  attempt: 2,
  email_id: newId<EmailId>(),
  mode: 'test',
  address: 'ada@gmail.com',
  provider_id: newId<ProviderId>(),
  resends: 0,
  possible_duplicate: false,
  on_unknown: 'at_least_once',
  owner_id: null,
  job_id: null,
  late_ms: 0,
  armed_ms_ago: 31_000,
  owner_is_dead: false,
};

describe('an armed delivery whose sender is gone', () => {
  it.each<[string, Partial<AmbiguousDelivery>, { status: string; holdSeconds: number; reason: string | null }]>([
    [
      'silent, wanted at least once: waits for a late answer',
      {},
      { status: 'sending', holdSeconds: 600, reason: null },
    ],
    [
      'dead, wanted at least once: no answer can come',
      { owner_is_dead: true },
      { status: 'sending', holdSeconds: 0, reason: null },
    ],
    ['a second time: parked', { resends: 1 }, { status: 'unknown', holdSeconds: 0, reason: 'ambiguous' }],
    [
      'wanted at most once: parked',
      { on_unknown: 'at_most_once' },
      { status: 'unknown', holdSeconds: 0, reason: 'ambiguous' },
    ],
    [
      'dead, wanted at most once: parked',
      { on_unknown: 'at_most_once', owner_is_dead: true },
      { status: 'unknown', holdSeconds: 0, reason: 'ambiguous' },
    ],
  ])('%s', (_what, facts, expected) => {
    const ask = reapAmbiguous({ ...armed, ...facts }, 600);
    expect(ask).toMatchObject({
      ...expected,
      armed: true,
      counts: true,
      outcome: 'unknown',
      phase: 'dot_released',
      epoch: 3,
    });
    expect(ask.event === null).toBe(expected.status === 'sending');
  });

  it('that is parked is told without its address', () => {
    const { event } = reapAmbiguous({ ...armed, resends: 1 }, 600);
    const data = JSON.parse(event?.data ?? '') as object;
    expect(deliveryUnknownV1.read.safeParse({ ...data, at: '2027-01-05T09:00:00.000Z' }).success).toBe(true);
    expect(event?.data).not.toContain('ada@');
  });
});
