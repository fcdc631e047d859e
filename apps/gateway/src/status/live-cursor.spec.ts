import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { liveCursor, parseLiveCursor } from './live-cursor.js';

describe('the cursor of a realtime client', () => {
  it('leads back to its position', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (position) => {
        expect(parseLiveCursor(liveCursor(position.toString()))).toBe(position.toString());
      }),
    );
  });

  it.each(['', 'c_', '123', 'c_-1', 'c_1.5', 'c_ABC', `c_${'z'.repeat(13)}`, `c_${'1'.repeat(14)}`])(
    'is not "%s"',
    (text) => expect(parseLiveCursor(text)).toBeUndefined(),
  );
});
