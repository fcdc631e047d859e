import { describe, expect, it } from '@jest/globals';
import { causedBy, currentCause } from './cause.js';

describe('the cause of events', () => {
  it('is kept over everything that a request leads to, and by nobody else', async () => {
    const seen = async (): Promise<string | null> => {
      await new Promise((resolve) => setImmediate(resolve));
      return currentCause();
    };
    expect(await Promise.all([causedBy('a', seen), seen(), causedBy('b', seen)])).toEqual(['a', null, 'b']);
    expect(currentCause()).toBeNull();
  });
});
