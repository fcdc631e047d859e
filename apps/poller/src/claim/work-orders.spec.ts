import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DeliveryId, LANES, type Mode, parsePublicId, type TenantId } from '#domain';
import { deliveryRequestedV1, readCloudEvent } from '#events';
import { type DueClaim, newId } from '#storage';
import { deliveriesOf } from '../testing/recording-publisher.js';
import { workOrders } from './work-orders.js';

const TENANTS = [newId<TenantId>(), newId<TenantId>(), newId<TenantId>()];
const claims = fc.array(
  fc.record({
    tenantId: fc.constantFrom(...TENANTS),
    mode: fc.constantFrom<Mode>('test', 'live'),
    epoch: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 400 },
);

describe('work orders', () => {
  it('hold at most 50 deliveries of one tenant and mode, in order, and none is lost or doubled', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LANES), claims, (lane, parts) => {
        const given = parts.map((part, dueMs): DueClaim => ({ ...part, id: newId<DeliveryId>(), dueMs }));
        const byId = new Map(given.map((claim) => [claim.id, claim]));
        const seen: DeliveryId[] = [];
        for (const record of workOrders(lane, given, '2027-01-05T09:00:00.000Z')) {
          const head = readCloudEvent((name) => record.headers[name]);
          const order = deliveriesOf(record);
          const dues = order.map(({ id }) => byId.get(id)?.dueMs ?? NaN);
          expect(dues).toEqual(dues.toSorted((a, b) => a - b));
          for (const { id, epoch } of order) {
            const claim = byId.get(id);
            expect(head).toMatchObject({
              envelope: { type: 'delivery.requested', tenantId: claim?.tenantId, mode: claim?.mode },
            });
            expect(epoch).toBe(claim?.epoch);
          }
          expect(deliveryRequestedV1[lane].read.safeParse(JSON.parse(String(record.value))).success).toBe(true);
          expect(parsePublicId('delivery', String(record.key))).toBe(order[0]?.id);
          expect(record.topic).toBe(`email.delivery.${lane}.v1`);
          seen.push(...order.map(({ id }) => id));
        }
        expect(seen.toSorted()).toEqual([...byId.keys()].toSorted());
      }),
      { numRuns: 30 },
    );
  });
});
