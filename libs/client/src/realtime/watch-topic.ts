import { MailtideError } from '../rest/mailtide-error.js';
import { pause } from '../rest/pause.js';
import { isHopeless, waitAfter } from './hopeless.js';
import type { Opened, Source, Update } from './live-event.js';
import { Seen } from './seen.js';

export interface WatchOptions {
  /** Ends the watching. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListenOptions extends WatchOptions {
  /** The cursor of the last update that is known: what came after it is told first. */
  readonly since?: string | undefined;
  /** Called when a connection works, and when it does not any more. */
  readonly onConnection?: ((isConnected: boolean) => void) | undefined;
}

/**
 * The updates of a topic for as long as they are read, every event once, over any number of connections. After a break it
 * goes on from the last cursor. A source that brings nothing gives way to the next in turn; one that refuses is not asked again.
 * @throws MailtideError when all sources refuse, or none has ever worked
 */
export async function* watchTopic(
  topic: string,
  sources: readonly Source[],
  { signal = new AbortController().signal, since, onConnection }: ListenOptions = {},
): AsyncGenerator<Update, void> {
  const seen = new Seen();
  let turn = sources;
  let cursor = since;
  let failures = 0;
  let hasWorked = false;
  for (let source = turn[0]; source && !signal.aborted; source = turn[0]) {
    let isWorking = false;
    try {
      for await (const update of source(topic, cursor, signal)) {
        if (!isWorking) onConnection?.(true);
        hasWorked = isWorking = true;
        cursor = cursorOf(update) || cursor;
        if (update.kind === 'opened') continue;
        if (update.kind === 'snapshot' || seen.isNew(update.event.id)) yield update;
      }
      turn = nextOf(turn);
    } catch (error) {
      if (signal.aborted) return;
      if (isWorking) onConnection?.(false);
      if (!(error instanceof MailtideError)) throw error;
      turn = isHopeless(error) ? turn.slice(1) : isWorking ? turn : nextOf(turn);
      failures = isWorking ? 1 : failures + 1;
      if (turn.length === 0 || (!hasWorked && failures >= sources.length)) throw error;
      if (isWorking || failures % turn.length === 0) await pause(waitAfter(failures), signal);
    }
  }
}

const nextOf = (turn: readonly Source[]): readonly Source[] => [...turn.slice(1), ...turn.slice(0, 1)];

/** Empty: it has none, or nowhere to go on from yet. */
function cursorOf(update: Update | Opened): string {
  if (update.kind === 'opened') return '';
  return update.kind === 'event' ? update.event.cursor : update.cursor;
}
