import { describe, expect, it } from '@jest/globals';
import { etag, ifMatchVersion } from './etag.js';

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    [' * ', undefined],
    ['"7"', 7],
    [' "7" ', 7],
    [etag(12), 12],
  ])('%j asks for %j', (header, version) => expect(ifMatchVersion(header)).toBe(version));

  it.each(['7', '""', '"7', 'W/"7"', '"a"', '"7","8"', '"-7"', '"1.0"', '"1234567890"', '', '"٧"'])(
    '%j is bad_request',
    (header) => {
      expect(() => ifMatchVersion(header)).toThrow(expect.objectContaining({ code: 'bad_request' }));
    },
  );
});
