/** When how much of a limit was used: sums over any stretch of time in a logarithm of its length. */
export class Usage {
  private readonly dates: number[] = [];
  /** How much was used up to and including each date. */
  private readonly sums: number[] = [];
  private forgotten = 0;

  constructor(uses: readonly { readonly atMs: number; readonly used: number }[] = []) {
    for (const { atMs, used } of uses) this.add(atMs, used);
  }

  /** What is dated before the last one counts as long as that. */
  add(atMs: number, used: number): void {
    const last = this.dates.at(-1);
    if (last !== undefined && atMs <= last) this.sums.push((this.sums.pop() ?? 0) + used);
    else {
      this.dates.push(atMs);
      this.sums.push((this.sums.at(-1) ?? this.forgotten) + used);
    }
  }

  /** How much was used after this instant. */
  after(ms: number): number {
    return (this.sums.at(-1) ?? this.forgotten) - this.sumUpTo(countUpTo(this.dates, ms));
  }

  /** The date with whose going less than `max` are left; undefined: there are less by now. */
  lastOfFull(max: number): number | undefined {
    const total = this.sums.at(-1) ?? this.forgotten;
    return this.dates[countUpTo(this.sums, total - max)];
  }

  /** Nobody will ask for what is not after this instant. */
  forget(ms: number): void {
    const half = Math.max(WORTH_FORGETTING, this.dates.length >> 1); // so that each is moved once
    if ((this.dates[half] ?? Infinity) > ms) return;
    const length = countUpTo(this.dates, ms);
    this.forgotten = this.sumUpTo(length);
    this.dates.splice(0, length);
    this.sums.splice(0, length);
  }

  private sumUpTo(index: number): number {
    return index === 0 ? this.forgotten : (this.sums[index - 1] ?? 0);
  }
}

const WORTH_FORGETTING = 1_000;

/** How many dates are not after an instant. A planner asks this millions of times. */
function countUpTo(dates: readonly number[], ms: number): number {
  let [low, high] = [0, dates.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dates[middle] ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
