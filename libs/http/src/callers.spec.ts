import { describe, expect, it } from '@jest/globals';
import type { Queryable } from '#storage';
import { Callers } from './callers.js';

const KEY = `mt_live_${'a'.repeat(43)}`;

/** A database whose answers wait until they are let go. */
function slowDatabase() {
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const query = async ({ text }: { text: string }) => {
    asked.push(text);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { rows: [], rowCount: 0 };
  };
  return {
    db: { query } as unknown as Queryable,
    asked,
    letGo: () => {
      for (const go of waiting.splice(0)) go();
    },
  };
}

describe('who is calling', () => {
  it('is asked once for all that come together, and again for those that come later', async () => {
    const { db, asked, letGo } = slowDatabase();
    const callers = new Callers(db, 'keys');
    const together = Array.from({ length: 50 }, () => callers.find(KEY));
    letGo();
    expect(await Promise.all(together)).toEqual(Array.from({ length: 50 }, () => undefined));
    expect(asked).toHaveLength(1);
    const later = callers.find(KEY);
    letGo();
    await later;
    expect(asked).toHaveLength(2);
  });

  it('is asked again when the database failed', async () => {
    let fails = true;
    const query = async () => {
      if (fails) throw new Error('away');
      return { rows: [], rowCount: 0 };
    };
    const callers = new Callers({ query } as unknown as Queryable, 'keys');
    await expect(callers.find(KEY)).rejects.toThrow('away');
    fails = false;
    expect(await callers.find(KEY)).toBeUndefined();
  });
});
