/** Time as the pacing sees it: milliseconds that never go back. Specs have their own. */
export interface Timers {
  readonly now: () => number;
  /** Calls once after so many milliseconds; the function that calls it off. */
  readonly after: (ms: number, work: () => void) => () => void;
}

export const realTimers: Timers = {
  now: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
