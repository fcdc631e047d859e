import { type EventId, type Lane, publicId } from '#domain';
import { cloudEventHeaders, deliveryRequestedV1, MAX_DELIVERIES_PER_ORDER, traceparent } from '#events';
import type { OutgoingRecord } from '#messaging';
import { type DueClaim, newId } from '#storage';

/** Makes the records for a sender: up to 50 deliveries of one tenant and mode in each, in the order of their due times. */
export function workOrders(lane: Lane, claims: readonly DueClaim[], time: string): OutgoingRecord[] {
  const groups = new Map<string, DueClaim[]>();
  for (const claim of claims) {
    const key = `${claim.tenantId} ${claim.mode}`;
    const group = groups.get(key);
    if (group) group.push(claim);
    else groups.set(key, [claim]);
  }
  return [...groups.values()].flatMap((group) => chunks(group).map((chunk) => workOrder(lane, chunk, time)));
}

function workOrder(lane: Lane, claims: readonly DueClaim[], time: string): OutgoingRecord {
  const { topic, type, version } = deliveryRequestedV1[lane];
  const deliveries = claims.map(({ id, epoch }) => [publicId('delivery', id), epoch] as const);
  const key = deliveries[0]?.[0] ?? '';
  const id = newId<EventId>();
  const headers = cloudEventHeaders({
    id: publicId('event', id),
    type,
    version,
    source: 'poller',
    subject: key,
    time,
    tenantId: claims[0]?.tenantId ?? '',
    mode: claims[0]?.mode ?? '',
  });
  return {
    topic: topic.name,
    key,
    value: JSON.stringify({ deliveries }),
    headers: { ...headers, traceparent: traceparent(id, null) },
  };
}

const chunks = (claims: readonly DueClaim[]): DueClaim[][] =>
  Array.from({ length: Math.ceil(claims.length / MAX_DELIVERIES_PER_ORDER) }, (_, i) =>
    claims.slice(i * MAX_DELIVERIES_PER_ORDER, (i + 1) * MAX_DELIVERIES_PER_ORDER),
  );
