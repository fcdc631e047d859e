import { MailtideError } from '../rest/mailtide-error.js';
import type { Source, Update } from './live-event.js';

export interface WatchOptions {
  /** Ends the watching. */
  readonly signal?: AbortSignal;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** What no reconnect can mend. */
const HOPELESS = new Set(['unauthorized', 'scope_missing', 'not_found', 'origin_not_allowed', 'validation_failed']);

/**
 * The updates of a topic for as long as they are read: the snapshot, then every event once, over any number of connections.
 * Sources are tried in turn until one works; after a break the same one goes on from the last cursor.
 * @throws MailtideError when no source can ever work
 */
export async function* watchTopic(
  topic: string,
  sources: readonly Source[],
  { signal }: WatchOptions = {},
): AsyncGenerator<Update, void> {
  const ending = new AbortController();
  const stop = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  const seen = new Seen();
  let since: string | undefined;
  let failures = 0;
  let source = 0;
  try {
    while (!stop.aborted) {
      try {
        for await (const update of (sources[source % sources.length] ?? nothing)(topic, since, stop)) {
          failures = 0;
          const { cursor } = update.kind === 'event' ? update.event : update;
          if (cursor !== '') since = cursor; // asking again and again has none
          if (update.kind === 'snapshot' || seen.isNew(update.event.id)) yield update;
        }
      } catch (error) {
        if (!(error instanceof MailtideError) || HOPELESS.has(error.code)) throw error;
        failures += 1;
        if (failures > 1) source += 1; // it has had its second chance
      }
      if (!stop.aborted) await pause(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS), stop);
    }
  } finally {
    ending.abort();
  }
}

const nothing: Source = async function* () {};

/** Events come at least once; what was seen lately is not told again. */
class Seen {
  private ids = new Set<string>();
  private older = new Set<string>();

  isNew(id: string): boolean {
    if (this.ids.has(id) || this.older.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size >= 20_000) [this.older, this.ids] = [this.ids, new Set()];
    return true;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
