import { type Pacing, paceMs } from './pacing.js';

export interface UnattendedLine {
  /** It could have been taken from since. */
  readonly readyMs: number;
  /** The instant that the last one was meant for. */
  readonly pacedMs: number | null;
  readonly pacing: Pick<Pacing, 'delaySeconds' | 'hourlyLimit'>;
}

export interface Missed {
  /** So many from the first on. */
  readonly count: number;
  /** When the last of them would have gone. */
  readonly lastMs: number;
}

/** As misfires of single emails are judged: a second beyond the grace. */
const BEYOND_MS = 1_000;

/**
 * Which copies of a line that waited for nothing would have gone so long ago that their grace is over: lost by whoever should
 * have looked. What its own pacing kept back is not late.
 * @param copies in their order
 */
export function missedOf(
  line: UnattendedLine,
  copies: readonly { readonly dueMs: number; readonly graceSeconds: number }[],
  nowMs: number,
): Missed {
  const everyMs = Math.max(
    line.pacing.delaySeconds * 1000,
    paceMs({ hourlyLimit: line.pacing.hourlyLimit, spread: 'even' }),
  );
  let lastMs = line.pacedMs ?? -Infinity;
  for (const [count, { dueMs, graceSeconds }] of copies.entries()) {
    const wouldGoMs = Math.max(lastMs + everyMs, dueMs, line.readyMs);
    if (wouldGoMs + graceSeconds * 1000 + BEYOND_MS > nowMs) return { count, lastMs };
    lastMs = wouldGoMs;
  }
  return { count: copies.length, lastMs };
}
