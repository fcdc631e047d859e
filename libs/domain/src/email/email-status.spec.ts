import { describe, expect, it } from '@jest/globals';
import type { DeliveryStatus } from '../delivery/delivery-status.js';
import { countByStatus, singleStatus } from './email-status.js';

describe('the status of a single email', () => {
  it.each<[DeliveryStatus[], string]>([
    [['scheduled', 'sent'], 'scheduled'],
    [['scheduled', 'queued', 'sending'], 'sending'],
    [['queued', 'scheduled'], 'queued'],
    [['sent', 'sent'], 'sent'],
    [['sent', 'failed'], 'partial'],
    [['sent', 'cancelled'], 'partial'],
    [['failed', 'unknown'], 'unknown'],
    [['cancelled', 'failed'], 'failed'],
    [['cancelled', 'cancelled'], 'cancelled'],
  ])('of copies %j is %s', (copies, status) => expect(singleStatus(countByStatus(copies), false)).toBe(status));

  it.each<[DeliveryStatus[], string]>([
    [['scheduled', 'sent'], 'paused'],
    [['sending'], 'paused'],
    [['sent'], 'sent'],
    [['expired', 'cancelled'], 'expired'],
  ])('of copies %j is %s when it is paused', (copies, status) => {
    expect(singleStatus(countByStatus(copies), true)).toBe(status);
  });
});
