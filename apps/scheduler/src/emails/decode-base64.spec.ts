import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64 } from './decode-base64.js';

describe('base64 of a request', () => {
  it('is read back to the byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('is refused where it is not what base64 would write', () => {
    const character = fc.constantFrom('A', 'Q', 'z', '/', '+', '-', '_', '=', ' ', '\n', '!', 'ő', '€', '\0');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (characters) => {
        const text = characters.join('');
        const isBase64 = Buffer.from(text, 'base64').toString('base64') === text;
        expect(decodeBase64(text) !== undefined).toBe(isBase64);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['QQ', 'QQ=', 'QR==', 'QQ==\n', 'QQ-_', 'Q Q=', 'data:text/plain;base64,QQ=='])('%j is none', (text) =>
    expect(decodeBase64(text)).toBeUndefined(),
  );

  it('reads 24 MiB', () => {
    const text = Buffer.alloc(18 * 1_048_576, 'x').toString('base64');
    expect(decodeBase64(text)?.length).toBe(18 * 1_048_576);
  });
});
