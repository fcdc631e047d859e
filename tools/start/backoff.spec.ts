import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('an app that dies', () => {
  it('is started again after half a second, then twice as late each time, up to ten seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map(backoffMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });
});
