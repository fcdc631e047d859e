import { describe, expect, it } from '@jest/globals';
import { MailtideError } from '../rest/mailtide-error.js';
import type { Source } from './live-event.js';
import { Watcher } from './watcher.js';

interface Thing {
  readonly at: number;
}

const broken = () => MailtideError.unreachable('http://mail.test', 'gone');
/** Says once that something happened, then nothing any more; it ends by its signal only, as a connection does. */
const live: Source = async function* (_topic, _since, signal) {
  yield { kind: 'snapshot', snapshot: {}, cursor: 'c_1', gap: false };
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
};
const dead: Source = async function* () {
  yield* [];
  throw broken();
};

/** Reads give these one after another; the last one again and again. */
function thing(...script: (number | MailtideError)[]) {
  let reads = 0;
  const read = async (): Promise<Thing> => {
    const state = script[Math.min(reads, script.length - 1)] ?? 0;
    reads += 1;
    if (state instanceof MailtideError) throw state;
    return { at: state };
  };
  return { topic: 'thing:1', read, isFinal: ({ at }: Thing) => at === 9, reads: () => reads };
}

async function states(watching: AsyncGenerator<Thing, void>): Promise<number[]> {
  const seen: number[] = [];
  for await (const { at } of watching) seen.push(at);
  return seen;
}

describe('watching a resource', () => {
  it('brings it as it is, then when it has changed, and ends when it is final', async () => {
    expect(await states(new Watcher([live]).watch(thing(1, 9)))).toEqual([1, 9]);
  });

  it('needs no connection for what is final already', async () => {
    const watched = thing(9);
    expect(await states(new Watcher([dead]).watch(watched))).toEqual([9]);
    expect(watched.reads()).toBe(1);
  });

  it('asks again and again where neither sockets nor streams work, and tells changes only', async () => {
    expect(await states(new Watcher([dead, dead]).watch(thing(1, 1, 9)))).toEqual([1, 9]);
  });

  it('fails when it cannot be read the first time', async () => {
    await expect(states(new Watcher([live]).watch(thing(broken())))).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('waits while it cannot be read later', async () => {
    expect(await states(new Watcher([live]).watch(thing(1, broken(), 9)))).toEqual([1, 9]);
  });

  it('fails when it is refused later', async () => {
    const refused = new MailtideError({ code: 'unauthorized', status: 401, detail: 'no' });
    await expect(states(new Watcher([live]).watch(thing(1, refused)))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('ends quietly by its signal', async () => {
    const signal = AbortSignal.timeout(300);
    expect(await states(new Watcher([live]).watch(thing(1), { signal }))).toEqual([1]);
  });

  it('leaves nothing open when it is left', async () => {
    let isOpen = false;
    const opened: Source = async function* (...args) {
      isOpen = true;
      try {
        yield* live(...args);
      } finally {
        isOpen = false;
      }
    };
    expect(await states(new Watcher([opened]).watch(thing(1, 9)))).toEqual([1, 9]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOpen).toBe(false);
  });
});
