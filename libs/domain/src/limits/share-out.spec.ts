import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LimitId, LimitScope } from './scope.js';
import { type Pot, shareOut, type WaitingLine } from './share-out.js';

const aPot = (free: number, scope: LimitScope = 'tenant'): Pot => ({ limitId: 'l' as LimitId, scope, free });
const aLine = (count: number, pots: readonly Pot[], wish: Partial<WaitingLine<number>> = {}): WaitingLine<number> => ({
  weight: 1,
  share: 0,
  most: Infinity,
  isMixed: false,
  copies: Array.from({ length: count }, (_, copy) => ({ copy, pots })),
  ...wish,
});

describe('sharing out', () => {
  it('never gives more than there is, nor leaves anything while somebody waits', () => {
    const line = fc.record({
      count: fc.integer({ min: 0, max: 60 }),
      weight: fc.integer({ min: 1, max: 100 }),
      share: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.integer({ min: 0, max: 200 }), (wishes, free) => {
        const pot = aPot(free);
        const given = shareOut(wishes.map(({ count, weight, share }) => aLine(count, [pot], { weight, share })));
        const taken = given.reduce((sum, one) => sum + one.taken.length, 0);
        expect(taken).toBe(
          Math.min(
            free,
            wishes.reduce((sum, { count }) => sum + count, 0),
          ),
        );
        expect(pot.free).toBe(free - taken);
      }),
    );
  });

  it('goes by weight', () => {
    const pot = aPot(400);
    const [light, heavy] = shareOut([aLine(1_000, [pot]), aLine(1_000, [pot], { weight: 3 })]);
    expect([light?.taken.length, heavy?.taken.length]).toEqual([100, 300]);
  });

  it('goes by weight one by one, too, and nobody saves up while idle', () => {
    const taken = [0, 0];
    let shares = [0, 5_000];
    for (let turn = 0; turn < 40; turn += 1) {
      const pot = aPot(1);
      const given = shareOut(shares.map((share, i) => aLine(5, [pot], { share, weight: i === 0 ? 1 : 3 })));
      shares = given.map(({ share }) => share);
      given.forEach((one, i) => (taken[i] = (taken[i] ?? 0) + one.taken.length));
    }
    expect(taken[1]).toBeGreaterThanOrEqual(28);
    expect(taken[0]).toBeGreaterThanOrEqual(9);
  });

  it('lets a copy pass whose own limit is empty, and holds a line whose limit is', () => {
    const [ofLine, ofGmail] = [aPot(2), aPot(0, 'domain:gmail')];
    const line = {
      ...aLine(0, []),
      copies: [{ copy: 1, pots: [ofLine, ofGmail] }, ...[2, 3, 4].map((copy) => ({ copy, pots: [ofLine] }))],
    };
    const [given] = shareOut([line]);
    expect(given).toMatchObject({ passed: [{ copy: 1, pot: ofGmail }], heldBy: ofLine });
    expect(given?.taken.map(({ copy }) => copy)).toEqual([2, 3]);
  });
});
