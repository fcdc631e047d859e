import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Watermark } from './watermark.js';

describe('the watermark', () => {
  it('lets a claim walk from the beginning at least every 50th time or every second, and is never above the present', () => {
    const step = fc.record({
      passMs: fc.integer({ min: 0, max: 400 }),
      aheadMs: fc.integer({ min: -5_000, max: 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 60, maxLength: 200 }), (steps) => {
        let monotonicMs = 0;
        const watermark = new Watermark(() => monotonicMs);
        let sinceWalk = 0;
        let walkedAtMs = -Infinity;
        for (const { passMs, aheadMs } of steps) {
          monotonicMs += passMs;
          const nowMs = 1_800_000_000_000 + monotonicMs;
          const mark = watermark.next();
          sinceWalk = mark === null ? 0 : sinceWalk + 1;
          if (mark === null) walkedAtMs = monotonicMs;
          expect(sinceWalk).toBeLessThan(50);
          expect(monotonicMs - walkedAtMs).toBeLessThan(1_000);
          expect(mark ?? -Infinity).toBeLessThan(nowMs);
          watermark.claimed(nowMs + aheadMs, nowMs);
        }
      }),
    );
  });

  it('rests after a walk that took long, ten times as long', () => {
    let monotonicMs = 0;
    const watermark = new Watermark(() => monotonicMs);
    expect(watermark.next()).toBeNull();
    monotonicMs = 500;
    watermark.foundNothing(20_000);
    for (; monotonicMs < 5_000; monotonicMs += 100) {
      expect(watermark.next()).toBe(19_500);
      watermark.foundNothing(20_000);
    }
    expect(watermark.next()).toBeNull();
  });

  it('never falls while claims go well, and begins anew after a failure', () => {
    const watermark = new Watermark(() => 0);
    watermark.next();
    watermark.claimed(10_000, 20_000);
    watermark.claimed(5_000, 20_000);
    expect(watermark.next()).toBe(9_500);
    watermark.reset();
    expect(watermark.next()).toBeNull();
  });
});
