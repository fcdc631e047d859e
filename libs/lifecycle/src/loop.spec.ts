import { describe, expect, it } from '@jest/globals';
import { Loop } from './loop.js';

const FOREVER_MS = 60_000;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A loop whose passes the spec ends one by one. */
function given(waitMs = FOREVER_MS) {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const errors: unknown[] = [];
  let passes = 0;
  const loop = new Loop({
    pass: () => {
      passes += 1;
      return new Promise((resolve, reject) => ends.push({ resolve: () => resolve(waitMs), reject }));
    },
    onError: (error) => {
      errors.push(error);
      return waitMs;
    },
  });
  const end = async () => (ends.shift()?.resolve(), turn());
  const fail = async (error: Error) => (ends.shift()?.reject(error), turn());
  return { loop, errors, end, fail, passes: () => passes };
}

describe('a loop', () => {
  it('waits after a pass as long as the pass said', async () => {
    const { loop, passes, end } = given(0);
    loop.start();
    await end();
    while (passes() < 2) await turn();
    const stopped = loop.stop();
    await end();
    await stopped;
    expect(passes()).toBe(2);
  });

  it('begins the next pass at once when it is woken', async () => {
    const { loop, passes, end } = given();
    loop.start();
    await end();
    expect(passes()).toBe(1);
    loop.wake();
    await turn();
    expect(passes()).toBe(2);
    const stopped = loop.stop();
    await end();
    await stopped;
  });

  it('remembers a wake during a pass, and never lets two passes overlap', async () => {
    const { loop, passes, end } = given();
    loop.start();
    loop.wake();
    loop.wake();
    await turn();
    expect(passes()).toBe(1);
    await end();
    expect(passes()).toBe(2);
    const stopped = loop.stop();
    await end();
    await stopped;
    expect(passes()).toBe(2);
  });

  it('waits for the pass under way when it is stopped, however often', async () => {
    const { loop, end } = given();
    loop.start();
    let stopped = 0;
    const stops = [loop.stop(), loop.stop()].map((stop) => stop.then(() => (stopped += 1)));
    await turn();
    expect(stopped).toBe(0);
    await end();
    await Promise.all(stops);
  });

  it('cuts its waiting short when it is stopped', async () => {
    const { loop, end, passes } = given();
    loop.start();
    await end();
    await loop.stop();
    expect(passes()).toBe(1);
  });

  it('goes on after a pass that threw, when its error says so', async () => {
    const { loop, errors, fail, passes, end } = given(0);
    loop.start();
    const error = new Error('database away');
    await fail(error);
    while (passes() < 2) await turn();
    expect(errors).toEqual([error]);
    const stopped = loop.stop();
    await end();
    await stopped;
  });

  it('starts once, and not at all when it was stopped before', async () => {
    const { loop, passes, end } = given();
    loop.start();
    loop.start();
    expect(passes()).toBe(1);
    const stopped = loop.stop();
    await end();
    await stopped;
    const other = given();
    await other.loop.stop();
    other.loop.start();
    await turn();
    expect(other.passes()).toBe(0);
  });
});
