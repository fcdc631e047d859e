/** npm passes on the Ctrl-C that the terminal has given to both of us: within this time it is one and the same. */
const SAME_MS = 1_000;
const WATCH_MS = 500;

/**
 * Calls `stop` once when this process is told to end, or when whoever started it is gone: npm's shell dies without a word.
 * Whoever asks a second time wants to leave `now`.
 */
export function onStopSignal(stop: () => void, now: () => void): void {
  let askedAt: number | undefined;
  const ask = () => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      stop();
    } else if (performance.now() - askedAt > SAME_MS) now();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && askedAt === undefined) ask();
  }, WATCH_MS).unref();
}
