import { LiquidError } from 'liquidjs';
import { TookTooLong } from './watchdog.js';

/**
 * Limits are in time that passes, so that they hold within one long call. A busy machine lets pass much of it while it works on
 * something else: only what had its share of the processor took too long, the rest tries again.
 */
export function patiently<T>(milliseconds: number, work: () => T): T {
  const began = process.cpuUsage();
  for (let tries = 1; ; tries += 1) {
    try {
      return work();
    } catch (error) {
      if (!tookTooLong(error) || tries === MAX_TRIES) throw error;
      const { user, system } = process.cpuUsage(began);
      if ((user + system) / 1_000 >= milliseconds * SHARE) throw error;
    }
  }
}

const MAX_TRIES = 20;
const SHARE = 0.75;

const tookTooLong = (error: unknown): boolean =>
  error instanceof TookTooLong || (LiquidError.is(error) && /render limit exceeded/.test(error.message));
