import { pause } from '../rest/pause.js';
import { isHopeless, waitAfter } from './hopeless.js';
import type { Source, Update } from './live-event.js';
import { paced } from './paced.js';
import { tickSource } from './tick-source.js';
import { type ListenOptions, type WatchOptions, watchTopic } from './watch-topic.js';

/** Something that is watched until it is final. */
export interface Watched<Resource> {
  readonly topic: string;
  readonly read: () => Promise<Resource>;
  readonly isFinal: (resource: Resource) => boolean;
}

/** However much happens, a resource is read at most so often. */
const READ_EVERY_MS = 250;

/** Watches: told by sockets or streams that something happened, or asking again and again where neither works. */
export class Watcher {
  constructor(private readonly sources: readonly Source[]) {}

  /** The updates of a topic as they come, for as long as they are read. @throws MailtideError */
  updates(topic: string, options?: ListenOptions): AsyncGenerator<Update, void> {
    return watchTopic(topic, this.sources, options);
  }

  /**
   * The resource as it is, again after every change, until it is final or the signal ends it. When it cannot be read for a
   * while, that is waited for, but for the first time. @throws MailtideError
   */
  async *watch<Resource>(
    { topic, read, isFinal }: Watched<Resource>,
    { signal }: WatchOptions = {},
  ): AsyncGenerator<Resource, void> {
    const ending = new AbortController();
    const stop = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
    const updates = watchTopic(topic, [...this.sources, tickSource], { signal: stop });
    let last: string | undefined;
    try {
      for await (const _something of paced(updates, READ_EVERY_MS)) {
        const resource = await (last === undefined ? read() : readAgain(read, stop));
        const text = JSON.stringify(resource);
        if (text !== last) yield resource;
        last = text;
        if (isFinal(resource)) return;
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      ending.abort(); // updates may be waiting for something that never comes
    }
  }
}

async function readAgain<Resource>(read: () => Promise<Resource>, signal: AbortSignal): Promise<Resource> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await read();
    } catch (error) {
      if (isHopeless(error) || signal.aborted) throw error;
      await pause(waitAfter(failures), signal);
    }
  }
}
