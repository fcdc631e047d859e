import { DELIVERY_STATUSES, type DeliveryStatus } from '../delivery/delivery-status.js';

export type DeliveryCounts = Readonly<Record<DeliveryStatus, number>>;

/** What an email of kind `single` shows; job kinds have states of their own. */
export type SingleStatus = DeliveryStatus | 'paused' | 'partial';

const UNFINISHED = ['sending', 'queued', 'scheduled'] as const;
const ENDED_UNSENT = ['unknown', 'failed', 'expired', 'suppressed', 'cancelled'] as const;

/** The status of a `single` email, derived from its copies (interface 3.1). What has come to its end is not paused any more. */
export function singleStatus(counts: DeliveryCounts, isPaused: boolean): SingleStatus {
  const unfinished = UNFINISHED.find((status) => counts[status] > 0);
  if (unfinished) return isPaused ? 'paused' : unfinished;
  const ended = ENDED_UNSENT.find((status) => counts[status] > 0);
  if (counts.sent > 0) return ended ? 'partial' : 'sent';
  return ended ?? 'cancelled';
}

/** Counts by status, every status named, so that they can be summed. */
export function countByStatus(statuses: readonly DeliveryStatus[]): DeliveryCounts {
  const counts = Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, 0])) as Record<DeliveryStatus, number>;
  for (const status of statuses) counts[status] += 1;
  return counts;
}
