import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 25;

/** Waits until something is true; throws when that takes too long. */
export async function until(what: string, withinMs: number, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${Math.round(withinMs / 1000)} s`);
    await pause(LOOK_MS);
  }
}
