import { describe, expect, it } from '@jest/globals';
import type { Claim } from '#storage';
import { GrantKeeper } from './grant-keeper.js';

const claims = (count: number): Claim[] =>
  Array.from({ length: count }, (_, n) => ({
    tenantId: 't' as never,
    id: `d${String(n).padStart(5, '0')}` as never,
    epoch: 1,
  }));

/** Stands for the statement: counts what would be written, and says what is still ours. */
function statement(isOurs: (id: string) => boolean = () => true) {
  const written: string[][] = [];
  const query = async ({ values }: { values: unknown[] }) => {
    const ids = values[1] as string[];
    written.push(ids);
    return { rows: ids.filter(isOurs).map((id) => ({ id })) };
  };
  return { written, db: { query } as never };
}

describe('grants', () => {
  it('of what leaves within a quarter of its grant are never renewed', async () => {
    let now = 0;
    const { db, written } = statement();
    const keeper = new GrantKeeper(db, 20, () => now);
    for (; now <= 60_000; now += 2_500) await keeper.keep(claims(1).map((claim) => ({ ...claim, epoch: now })));
    expect(written).toEqual([]);
  });

  it('of what stays are renewed before half of them is used, and only then', async () => {
    let now = 0;
    const renewals: number[] = [];
    const { db, written } = statement();
    const keeper = new GrantKeeper(db, 20, () => now);
    const held = claims(3);
    for (; now <= 60_000; now += 2_500) {
      await keeper.keep(held);
      if (written.length > renewals.length) renewals.push(now);
    }
    expect(renewals).toEqual([5_000, 15_000, 25_000, 35_000, 45_000, 55_000]);
  });

  it('are renewed in bounded statements, and what is somebody else’s by now is told', async () => {
    let now = 0;
    const { db, written } = statement((id) => id !== 'd00007');
    const keeper = new GrantKeeper(db, 20, () => now);
    const held = claims(2_500);
    await keeper.keep(held);
    now = 6_000;
    expect([...(await keeper.keep(held))]).toEqual([held[7]]);
    expect(written.map((ids) => ids.length)).toEqual([1_000, 1_000, 500]);
  });
});
