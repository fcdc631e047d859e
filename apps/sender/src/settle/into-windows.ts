import { isWindowOpen, nextOpening } from '#domain';
import type { ClaimedDelivery, SettleAsk } from '#storage';

type Windowed = Pick<ClaimedDelivery, 'windows' | 'timeZone' | 'loadedMs' | 'dueMs'>;

/**
 * How long a delivery waits so that its next attempt falls into its windows: not less than `delaySeconds`.
 * @param sinceMs since it was loaded
 */
export function secondsIntoWindows(
  { windows, timeZone, loadedMs }: Windowed,
  sinceMs: number,
  delaySeconds: number,
): number {
  if (windows.length === 0) return delaySeconds;
  const earliest = loadedMs + sinceMs + delaySeconds * 1000;
  const opening = nextOpening(earliest, windows, timeZone) ?? earliest;
  return delaySeconds + (opening - earliest) / 1000;
}

/**
 * How long the windows stay shut that were open when a delivery was due: it comes too late for them. 0: it may be sent,
 * also what was due while they were shut, for somebody said to ignore them.
 */
export function shutForSeconds({ windows, timeZone, loadedMs, dueMs }: Windowed): number {
  if (windows.length === 0 || !isWindowOpen(dueMs, windows, timeZone)) return 0;
  const from = Math.max(dueMs, loadedMs);
  return ((nextOpening(from, windows, timeZone) ?? from) - from) / 1000;
}

/** A delivery goes back until its windows open: nothing was attempted, and none is counted. */
export const shutAsk = (delivery: ClaimedDelivery, delaySeconds: number): SettleAsk => ({
  tenantId: delivery.tenantId,
  id: delivery.id,
  epoch: delivery.epoch,
  emailId: delivery.emailId,
  status: 'scheduled',
  armed: false,
  counts: false,
  delaySeconds,
  holdSeconds: 0,
  reason: 'window',
  reply: null,
  providerId: null,
  attempt: delivery.attempt,
  phase: 'connecting',
  outcome: null,
  error: null,
  tookMs: 0,
  connectMs: null,
  envelopeMs: null,
  armMs: null,
  replyMs: null,
  event: null,
});
