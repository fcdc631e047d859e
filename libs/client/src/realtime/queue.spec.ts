import { describe, expect, it } from '@jest/globals';
import { Queue } from './queue.js';

const queueOf = (limit = 10): Queue<number> => new Queue<number>(limit, () => new Error('too slow'));

async function read(queue: Queue<number>): Promise<{ items: number[]; error?: unknown }> {
  const items: number[] = [];
  try {
    for await (const item of queue.read()) items.push(item);
    return { items };
  } catch (error) {
    return { items, error };
  }
}

describe('a queue', () => {
  it('gives what was pushed before and while it is read, in order', async () => {
    const queue = queueOf();
    queue.push(1);
    const reading = read(queue);
    await Promise.resolve();
    queue.push(2);
    queue.push(3);
    queue.close();
    expect(await reading).toEqual({ items: [1, 2, 3] });
  });

  it('gives all that was pushed before its error, and nothing that came after', async () => {
    const queue = queueOf();
    queue.push(1);
    queue.close(new Error('broken'));
    queue.push(2);
    queue.close();
    expect(await read(queue)).toEqual({ items: [1], error: new Error('broken') });
  });

  it('ends when more waits than it may hold', async () => {
    const queue = queueOf(2);
    for (const item of [1, 2, 3]) queue.push(item);
    expect(await read(queue)).toEqual({ items: [1, 2], error: new Error('too slow') });
  });
});
