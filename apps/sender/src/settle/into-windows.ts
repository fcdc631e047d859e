import { isWindowOpen, nextOpening } from '#domain';
import type { ClaimedDelivery } from '#storage';

type Windowed = Pick<ClaimedDelivery, 'windows' | 'timeZone' | 'loadedMs' | 'dueMs' | 'eligibleMs' | 'hasOwnData'>;

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
 * How long the windows stay shut that were open when a delivery was to go: it comes too late for them. 0: it may be sent,
 * also what was made due while they were shut, for somebody said to ignore them. What it had to wait for since (a provider,
 * a limit, a retry) moves `dueMs` alone, and nobody said so.
 * @param sinceMs since it was loaded
 */
export function shutForSeconds(delivery: Windowed, sinceMs: number): number {
  const { windows, timeZone, loadedMs, dueMs } = delivery;
  if (windows.length === 0 || isInSpite(delivery)) return 0;
  const from = Math.max(dueMs, loadedMs + sinceMs);
  return ((nextOpening(from, windows, timeZone) ?? from) - from) / 1000;
}

/** Copies of a campaign go as its pacing says, and may begin to be due while its windows are shut: nobody can ignore those. */
const isInSpite = ({ windows, timeZone, eligibleMs, hasOwnData }: Windowed): boolean =>
  !hasOwnData && !isWindowOpen(eligibleMs, windows, timeZone);
