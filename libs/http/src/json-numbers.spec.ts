import { describe, expect, it } from '@jest/globals';
import { numberErrors } from './json-numbers.js';

const wrongIn = (text: string) => numberErrors(JSON.parse(text)).map((error) => 'pointer' in error && error.pointer);

describe('a number in JSON', () => {
  it.each(['0', '-1', '1.5', '9007199254740991', '-9007199254740991', '1e15', '0.1', '1e-400', '"-0"', 'null'])(
    '%s is taken as it is',
    (text) => expect(wrongIn(text)).toEqual([]),
  );

  it.each(['1e400', '-1e400', '-0', '-0.0', '-1e-400', '9007199254740993', '-9007199254740993', '1e308'])(
    '%s is refused: it would become another one',
    (text) => expect(wrongIn(text)).toEqual(['']),
  );

  it('is found wherever it stands', () => {
    expect(wrongIn('{"a":[1,{"b/c":-0}],"d":"1e400","e":1e400}')).toEqual(['/a/1/b~1c', '/e']);
  });
});
