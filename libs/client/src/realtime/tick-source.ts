import { pause } from '../rest/pause.js';
import type { Source } from './live-event.js';

const PERIOD_MS = 1_000;
const TICKS = 10;

/** The last resort: says every second that there may be something new. Ends after ten, so that better ways are tried again. */
export const tickSource: Source = async function* (_topic, _since, signal) {
  for (let tick = 0; tick < TICKS && !signal.aborted; tick += 1) {
    yield { kind: 'snapshot', snapshot: null, cursor: '', gap: false };
    await pause(PERIOD_MS, signal);
  }
};
