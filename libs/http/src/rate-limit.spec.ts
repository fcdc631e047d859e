import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateLimit } from './rate-limit.js';

function limitAt(perSecond: number): { readonly limit: RateLimit; readonly pass: (ms: number) => void } {
  let now = 0;
  return { limit: new RateLimit(perSecond, () => now), pass: (ms) => (now += ms) };
}

const allowed = (limit: RateLimit, times: number, key = 'a'): number =>
  Array.from({ length: times }, () => limit.take(key)).filter(({ isAllowed }) => isAllowed).length;

describe('the rate of a key', () => {
  it('is told with every answer', () => {
    const { limit } = limitAt(1000);
    expect(limit.take('a').headers).toEqual({ 'ratelimit-policy': '"key";q=1000;w=1', ratelimit: '"key";r=999;t=1' });
    expect(limit.take('a').headers.ratelimit).toBe('"key";r=998;t=1');
  });

  it('allows a burst of twice as much', () => {
    expect(allowed(limitAt(10).limit, 100)).toBe(20);
  });

  it('comes back within its second', () => {
    const { limit, pass } = limitAt(10);
    allowed(limit, 20);
    expect(limit.take('a')).toMatchObject({ isAllowed: false, remaining: 0, resetSeconds: 2 });
    pass(1000);
    expect(allowed(limit, 100)).toBe(10);
  });

  it('is no other key’s', () => {
    const { limit } = limitAt(10);
    allowed(limit, 100, 'a');
    expect(allowed(limit, 100, 'b')).toBe(20);
  });

  it('is never exceeded over any time by more than its burst', () => {
    const steps = fc.array(fc.tuple(fc.nat(500), fc.nat(40)), { maxLength: 50 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), steps, (perSecond, walk) => {
        const { limit, pass } = limitAt(perSecond);
        let ms = 0;
        let passed = 0;
        for (const [wait, requests] of walk) {
          pass(wait);
          ms += wait;
          passed += allowed(limit, requests);
          expect(passed).toBeLessThanOrEqual(Math.floor(2 * perSecond + (ms / 1000) * perSecond + 1e-6));
        }
      }),
    );
  });
});
