import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '#http';

const TRY_AGAIN_MS = 100;

/** Tries again, each time anew, while a copy is in flight; the last result when the time is over. */
export async function untilSettled<Result>(
  attempt: () => Promise<Result>,
  isInFlight: (result: Result) => boolean,
  waitSeconds: number,
): Promise<Result> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const result = await attempt();
    if (!isInFlight(result) || performance.now() >= until) return result;
    await pause(TRY_AGAIN_MS);
  }
}

/** Of what an attempt threw: the problem that a copy is at its server now, which is worth trying again; else throws it on. */
export function inFlight(error: unknown): Problem {
  if (error instanceof Problem && error.code === 'in_flight') return error;
  throw error;
}
