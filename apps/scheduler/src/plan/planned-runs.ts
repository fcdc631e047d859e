import { type RepeatWish, runsOf, scheduleOfRun, seriesOf, type Wish } from '#domain';

/** Of a repeat that may never end. */
export const MOST_RUNS = 10;

export interface Series {
  readonly repeat: RepeatWish | null;
  readonly wish: Wish | null;
  /** Its first run. Milliseconds since 1970. */
  readonly startMs: number;
}

/** The next runs of a campaign that repeats, from one on; of any other: none. Milliseconds since 1970. */
export function runsFrom({ repeat, wish, startMs }: Series, fromMs: number): number[] {
  const runs: number[] = [];
  if (repeat === null) return runs;
  for (const at of runsOf(seriesOf(repeat, wish, startMs))) {
    if (at >= fromMs) runs.push(at);
    if (runs.length === MOST_RUNS) break;
  }
  return runs;
}

/** The schedule that the next run goes by. */
export const scheduleOfNext = (wish: Wish | null, [next]: readonly number[]): Wish | null =>
  wish !== null && next !== undefined ? scheduleOfRun(wish, next) : wish;
