import type { Source, Update } from './live-event.js';
import { pollSource } from './poll-source.js';
import { type WatchOptions, watchTopic } from './watch.js';

export type { WatchOptions } from './watch.js';

/** Something that is watched until it is final. */
export interface Watched<Resource> {
  readonly topic: string;
  readonly read: () => Promise<Resource>;
  readonly isFinal: (resource: Resource) => boolean;
}

/** However much happens, a resource is read at most so often. */
const READ_EVERY_MS = 250;

/** Watches resources: told by sockets or streams that something happened, or asking again and again where neither works. */
export class Watcher {
  constructor(private readonly sources: readonly Source[]) {}

  /** The updates of a topic as they come, for as long as they are read. @throws MailtideError */
  updates(topic: string, options?: WatchOptions): AsyncGenerator<Update, void> {
    return watchTopic(topic, this.sources, options);
  }

  /** The resource as it is, again after every change, until it is final. @throws MailtideError */
  async *watch<Resource>(
    { topic, read, isFinal }: Watched<Resource>,
    options?: WatchOptions,
  ): AsyncGenerator<Resource, void> {
    const polled = pollSource(async () => {
      const snapshot = await read();
      return { snapshot, version: JSON.stringify(snapshot) };
    });
    let last = '';
    for await (const _update of paced(watchTopic(topic, [...this.sources, polled], options))) {
      const resource = await read();
      const text = JSON.stringify(resource);
      if (text === last) continue;
      last = text;
      yield resource;
      if (isFinal(resource)) return;
    }
  }
}

/** One for all that came meanwhile. */
async function* paced(updates: AsyncGenerator<Update, void>): AsyncGenerator<Update, void> {
  let next = updates.next();
  try {
    for (;;) {
      let { done, value } = await next;
      if (done || !value) return;
      const until = new Promise<'time'>((resolve) => setTimeout(() => resolve('time'), READ_EVERY_MS));
      next = updates.next();
      for (
        let more = await Promise.race([next, until]);
        more !== 'time' && !more.done;
        more = await Promise.race([next, until])
      ) {
        value = more.value;
        next = updates.next();
      }
      yield value;
    }
  } finally {
    void updates.return();
  }
}
