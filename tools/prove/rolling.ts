/** The most instants that lie in any window of so many milliseconds, and where that window begins. */
export function mostInWindow(sorted: readonly number[], windowMs: number): { most: number; fromMs: number } {
  let most = 0;
  let fromMs = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last += 1) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= windowMs) first += 1;
    if (last - first + 1 > most) {
      most = last - first + 1;
      fromMs = sorted[first] ?? 0;
    }
  }
  return { most, fromMs };
}
