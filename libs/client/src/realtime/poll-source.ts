import type { Source } from './live-event.js';

const PERIOD_MS = 1_000;

/** The last resort: asks again and again, and tells each change as a snapshot. */
export const pollSource = (read: () => Promise<{ readonly snapshot: unknown; readonly version: string }>): Source =>
  async function* (_topic, _since, signal) {
    let last: string | undefined;
    while (!signal.aborted) {
      const { snapshot, version } = await read();
      if (version !== last) yield { kind: 'snapshot', snapshot, cursor: '', gap: false };
      last = version;
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    }
  };
