import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idSource, parsePublicId, publicId } from './id.js';

const fixed = (byte: number) => (bytes: Uint8Array) => void bytes.fill(byte);

describe('ids', () => {
  it('are uuids of version 7 that carry their millisecond', () => {
    const id = idSource(() => 0x01_93_5f_00_12_34, fixed(0xff))<string>();
    expect(id).toBe('01935f00-1234-7000-bfff-ffffffffffff');
  });

  it('rise within a millisecond, over a full counter, and when the clock goes back', () => {
    let now = 1_800_000_000_000;
    const next = idSource(() => now, fixed(7));
    const ids = Array.from({ length: 10_000 }, (_, i) => {
      if (i === 6_000) now -= 5_000;
      return next<string>();
    });
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('come back from their public form, whatever the bits', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const text = publicId('delivery', uuid);
        expect(text).toMatch(/^dl_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
        expect(parsePublicId('delivery', text)).toBe(uuid);
      }),
    );
  });

  it('sort as their uuids do', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        expect(publicId('email', a) < publicId('email', b)).toBe(a < b);
      }),
    );
  });

  it.each([
    'em_01m8rf20g6ekd9jbb81k6sxq3w',
    'dl_01m8',
    'dl_81m8rf20g6ekd9jbb81k6sxq3w',
    'dl_01M8RF20G6EKD9JBB81K6SXQ3W',
    'dl_01m8rf20g6ekd9jbb81k6sxq3u',
    '',
  ])('refuse %p as the id of a delivery', (text) => expect(parsePublicId('delivery', text)).toBeUndefined());
});
