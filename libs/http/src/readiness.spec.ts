import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Readiness } from './readiness.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const up = () => Promise.resolve(true);
const down = () => Promise.resolve(false);

describe('readiness', () => {
  it('needs every part', async () => {
    expect(await new Readiness({ postgres: up, kafka: up }).answer()).toEqual({
      status: 'ready',
      checks: { postgres: 'up', kafka: 'up' },
    });
    expect(await new Readiness({ postgres: up, kafka: down }).answer()).toEqual({
      status: 'not_ready',
      checks: { postgres: 'up', kafka: 'down' },
    });
  });

  it('takes a part that fails for down', async () => {
    const readiness = new Readiness({ postgres: () => Promise.reject(new Error('away')) });
    expect((await readiness.answer()).checks).toEqual({ postgres: 'down' });
  });

  it('waits two seconds for a part that does not answer, and leaves no timer behind', async () => {
    const readiness = new Readiness({ postgres: () => new Promise<boolean>(() => {}), kafka: up });
    const answer = readiness.answer();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await answer).toEqual({ status: 'not_ready', checks: { postgres: 'down', kafka: 'up' } });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('asks once for many probes, and again after half a second', async () => {
    let asked = 0;
    const readiness = new Readiness({ postgres: async () => (asked += 1) > 0 });
    await Promise.all(Array.from({ length: 50 }, () => readiness.answer()));
    expect(asked).toBe(1);
    await jest.advanceTimersByTimeAsync(501);
    await readiness.answer();
    expect(asked).toBe(2);
  });

  it('is over at once when the process drains, whatever was answered before', async () => {
    const readiness = new Readiness({ postgres: up });
    await readiness.answer();
    readiness.drain();
    expect((await readiness.answer()).status).toBe('draining');
  });
});
