const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** How long to wait before an app is started again that has died so often in a row: 0.5 s, doubling to 10 s. */
export const backoffMs = (deaths: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** (deaths - 1));
