import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCursor, signCursorsWith, writeCursor } from './cursor.js';
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

  it('that somebody changed is refused: nobody but us can make one', () => {
    fc.assert(
      fc.property(position, filter, fc.nat(), fc.integer({ min: 1, max: 255 }), (at, of, where, what) => {
        const bytes = Buffer.from(writeCursor(at, of), 'base64url');
        const index = where % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ what;
        expect(outcome(bytes.toString('base64url'), of)).toBe('bad_cursor');
      }),
    );
  });

  it('is read by every process that has the same secret, and by no other', () => {
    signCursorsWith(Buffer.alloc(32, 1));
    const cursor = writeCursor(['x'], {});
    signCursorsWith(Buffer.alloc(32, 2));
    expect(outcome(cursor, {})).toBe('bad_cursor');
    signCursorsWith(Buffer.alloc(32, 1));
    expect(outcome(cursor, {})).toEqual(['x']);
  });

  it('that is garbage is refused, and nothing else ever happens', () => {
    const almost = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    const garbage = fc.oneof(fc.string(), fc.base64String(), almost);
    fc.assert(fc.property(garbage, filter, (text, of) => expect(outcome(text, of)).toBe('bad_cursor')));
  });
});
