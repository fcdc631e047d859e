import { describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { GroupCommit } from './group-commit.js';

const refused = (code = '23505') => Object.assign(new Error('refused'), { code });

/** A statement that runs until it is let go, and remembers what it was given. */
function held() {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const run = (items: readonly number[]): Promise<readonly string[]> => {
    batches.push([...items]);
    return new Promise((resolve) => ends.push(() => resolve(items.map((item) => `done ${item}`))));
  };
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { batches, run, turn, letGo: async () => (ends.shift()?.(), turn()) };
}

describe('a group commit', () => {
  it('takes a lone item at once, and what arrives meanwhile as one batch', async () => {
    const { batches, run, turn, letGo } = held();
    const group = new GroupCommit({ width: 1, maxBatch: 500 }, run);
    const answers = [group.add(1)];
    await turn();
    for (const item of [2, 3, 4]) answers.push(group.add(item));
    await turn();
    expect(batches).toEqual([[1]]);
    await letGo();
    expect(batches).toEqual([[1], [2, 3, 4]]);
    await letGo();
    expect(await Promise.all(answers)).toEqual(['done 1', 'done 2', 'done 3', 'done 4']);
  });

  it('takes what is added in one breath together', async () => {
    const { batches, run, turn, letGo } = held();
    const group = new GroupCommit({ width: 1, maxBatch: 500 }, run);
    const answers = [group.add(1), group.add(2)];
    await turn();
    await letGo();
    await Promise.all(answers);
    expect(batches).toEqual([[1, 2]]);
  });

  it('keeps to its width and to the size of a batch', async () => {
    const { batches, run, turn, letGo } = held();
    const group = new GroupCommit({ width: 2, maxBatch: 2 }, run);
    const answers = [1, 2, 3, 4, 5].map((item) => group.add(item));
    await turn();
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await letGo();
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
    await letGo();
    await letGo();
    await Promise.all(answers);
  });

  it('ends a batch before it is too heavy, and takes what is too heavy alone', async () => {
    const { batches, run, turn, letGo } = held();
    const group = new GroupCommit({ width: 1, maxBatch: 500, maxWeight: 10, weigh: (item: number) => item }, run);
    const answers = [4, 5, 3, 20, 1].map((item) => group.add(item));
    await turn();
    for (let statement = 0; statement < 4; statement += 1) await letGo();
    await Promise.all(answers);
    expect(batches).toEqual([[4, 5], [3], [20], [1]]);
  });

  it('lingers for more right after a statement, but never for a lone item', async () => {
    const { batches, run, turn, letGo } = held();
    const group = new GroupCommit({ width: 1, maxBatch: 500, lingerMs: 30 }, run);
    const first = group.add(1);
    await turn();
    expect(batches).toEqual([[1]]);
    await letGo();
    const second = [group.add(2)];
    await turn();
    expect(batches).toHaveLength(1);
    second.push(group.add(3));
    await eventually(() => expect(batches).toEqual([[1], [2, 3]]), 2_000);
    await letGo();
    await Promise.all([first, ...second]);
  });

  it('fails the bad item alone', async () => {
    const group = new GroupCommit<number, number>({ width: 1, maxBatch: 500 }, async (items) => {
      if (items.includes(3)) throw refused();
      return items.map((item) => item * 10);
    });
    const answers = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => group.add(item)));
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'refused'))).toEqual([
      10,
      20,
      'refused',
      40,
      50,
    ]);
  });

  it('tries nothing again when nobody knows whether it was committed', async () => {
    let runs = 0;
    const group = new GroupCommit<number, number>({ width: 1, maxBatch: 500 }, async () => {
      runs += 1;
      throw new Error('connection lost');
    });
    const answers = await Promise.allSettled([1, 2, 3].map((item) => group.add(item)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(runs).toBe(1);
  });

  it('goes on after a failure', async () => {
    let runs = 0;
    const group = new GroupCommit<number, number>({ width: 1, maxBatch: 500 }, async (items) => {
      runs += 1;
      if (runs === 1) throw new Error('connection lost');
      return items;
    });
    await expect(group.add(1)).rejects.toThrow('connection lost');
    expect(await group.add(2)).toBe(2);
  });
});
