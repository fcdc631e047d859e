import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCursor, writeCursor } from './cursor.js';
import { Problem } from './problem.js';

const position = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 });
const filter = fc.dictionary(
  fc.string(),
  fc.option(fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())), { nil: undefined }),
);
const meaning = (filterOf: object) =>
  JSON.stringify(
    Object.entries(filterOf)
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

function outcome(cursor: string, of: object): string[] | 'bad_cursor' {
  try {
    return readCursor(cursor, of);
  } catch (error) {
    if (error instanceof Problem && error.code === 'bad_cursor') return 'bad_cursor';
    throw error;
  }
}

describe('a cursor', () => {
  it('gives back its position under the filter that it was made with', () => {
    fc.assert(fc.property(position, filter, (at, of) => expect(outcome(writeCursor(at, of), { ...of })).toEqual(at)));
  });

  it('does not care in which order a filter is written, nor what it leaves out', () => {
    const cursor = writeCursor(['x'], { a: 1, b: ['y'], c: undefined });
    expect(readCursor(cursor, { b: ['y'], a: 1 })).toEqual(['x']);
  });

  it('is refused under any other filter', () => {
    fc.assert(
      fc.property(position, filter, filter, (at, of, other) => {
        fc.pre(meaning(of) !== meaning(other));
        expect(outcome(writeCursor(at, of), other)).toBe('bad_cursor');
      }),
    );
  });

  it('that is garbage is refused, and nothing else ever happens', () => {
    const almost = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    const garbage = fc.oneof(fc.string(), fc.base64String(), almost);
    fc.assert(fc.property(garbage, filter, (text, of) => expect(outcome(text, of)).toBe('bad_cursor')));
  });
});
