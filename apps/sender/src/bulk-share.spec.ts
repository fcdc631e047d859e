import { beforeEach, describe, expect, it } from '@jest/globals';
import { BulkShare } from './bulk-share.js';

describe('the share of bulk', () => {
  let now: number;
  let share: BulkShare;
  /** How many may be at work. */
  const limit = () => Array.from({ length: 100 }, (_, atWork) => atWork).filter((n) => share.mayBegin(n)).length;

  beforeEach(() => {
    now = 10_000;
    share = new BulkShare(100, () => now);
  });

  it('is four fifths, whatever comes in time', () => {
    expect(limit()).toBe(80);
    share.urgentBegan(10);
    expect(limit()).toBe(80);
  });

  it('is an eighth after a late mail, half of it after the next, but for those that were late with it', () => {
    share.urgentBegan(200);
    share.urgentBegan(210);
    expect(limit()).toBe(10);
    now += 200;
    share.urgentBegan(100);
    expect(limit()).toBe(5);
  });

  it('never ends', () => {
    for (let n = 0; n < 20; n += 1) {
      now += 200;
      share.urgentBegan(500);
    }
    expect(limit()).toBe(1);
    expect(new BulkShare(1).mayBegin(0)).toBe(true);
  });

  it.each([
    [50, 50],
    [55, 30],
    [60, 10],
  ])('comes back where giving way makes no difference: mail is %i and %i ms late', (...late) => {
    for (let n = 0; n < 200; n += 1) {
      now += 500;
      share.urgentBegan(late[n % 2] ?? 0);
      share.mayBegin(0);
    }
    expect(limit()).toBeGreaterThan(50);
    now += 1_000;
    share.urgentBegan(150);
    expect(limit()).toBeLessThan(50);
  });

  it('comes back slowly while mail is in time', () => {
    share.urgentBegan(200);
    for (const wanted of [11, 13, 15]) {
      now += 1_000;
      share.urgentBegan(5);
      expect(limit()).toBe(wanted);
    }
  });

  it('is whole again when nobody waits any more', () => {
    share.urgentBegan(200);
    now += 5_001;
    expect(limit()).toBe(80);
  });
});
