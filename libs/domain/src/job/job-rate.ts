/** Half of what the rate says is younger than this. */
const MEMORY_SECONDS = 10;

/** How many ends a second, smoothed: what happened since the last sample weighs the more the longer ago that is. */
export function smoothedRate(
  last: { readonly rate: number | null; readonly done: number; readonly secondsAgo: number },
  done: number,
): number | null {
  if (last.secondsAgo <= 0) return last.rate;
  const fresh = Math.max(0, done - last.done) / last.secondsAgo;
  if (last.rate === null) return fresh;
  const kept = 0.5 ** (last.secondsAgo / MEMORY_SECONDS);
  return last.rate * kept + fresh * (1 - kept);
}
