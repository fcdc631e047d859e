export interface LimitsInForce {
  /** Since when how many were allowed in the window, oldest first. */
  readonly maxima: readonly { readonly fromMs: number; readonly max: number }[];
  readonly windowSeconds: number;
  /** How many were allowed in any stretch of so many seconds beside it. */
  readonly rate: number;
  readonly rateSeconds: number;
}

/**
 * How much of what limits leave was used: what had arrived beside what a planner would have sent that always takes all, second by
 * second. Both go in bursts, so it is the mean over the seconds of the last window.
 * @param instants when each arrived, in ms, oldest first
 */
export function usedShare(instants: readonly number[], limits: LimitsInForce): number {
  const first = Math.floor((instants[0] ?? 0) / 1_000);
  const seconds = Math.floor((instants.at(-1) ?? 0) / 1_000) - first + 1;
  const ideal = idealPlanner(first, seconds, limits);
  let [arrived, usable] = [0, 0];
  const shares: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    while ((instants[arrived] ?? Infinity) < (first + second + 1) * 1_000) arrived += 1;
    usable += ideal[second] ?? 0;
    if (second >= seconds - limits.windowSeconds) shares.push(arrived / usable);
  }
  return Number((shares.reduce((sum, share) => sum + share, 0) / shares.length).toFixed(3));
}

/** How many in each second. */
function idealPlanner(first: number, seconds: number, limits: LimitsInForce): number[] {
  const sent: number[] = [];
  const within = (last: number) => sent.slice(-last).reduce((sum, n) => sum + n, 0);
  for (let second = first; second < first + seconds; second += 1) {
    const { max } = limits.maxima.findLast(({ fromMs }) => fromMs <= second * 1_000) ?? { max: 0 };
    const free = Math.min(max - within(limits.windowSeconds - 1), limits.rate - within(limits.rateSeconds));
    sent.push(Math.max(0, free));
  }
  return sent;
}
