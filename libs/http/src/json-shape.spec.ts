import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonFault } from './json-shape.js';

describe('JSON that readers would take differently', () => {
  it.each([
    ['{"a":1,"a":2}', 'twice'],
    ['{"a":1,"b":{"a":2},"a":3}', 'twice'],
    [String.raw`{"a":1,"\u0061":2}`, 'twice'],
    [String.raw`{"a\"":1, "a\"" : 2}`, 'twice'],
    ['[{"x":{"":1,"":2}}]', 'twice'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'deeper than 32'],
    [`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, 'deeper than 32'],
  ])('%s: %s', (text, why) => expect(jsonFault(text)).toContain(why));

  it.each([
    '{}',
    '"{\\"a\\":1,\\"a\\":2}"',
    '{"a":"a","b":"a"}',
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":1}}}',
    String.raw`{"a\\":1,"a":2}`,
    String.raw`["\\","\"",{"a":"\\\""}]`,
    '{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}',
    `${'['.repeat(32)}${']'.repeat(32)}`,
  ])('is not %s', (text) => expect(jsonFault(text)).toBeUndefined());

  it('is none of what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), fc.constantFrom(0, 2), (value, space) => {
        expect(jsonFault(JSON.stringify(value, null, space))).toBeUndefined();
      }),
    );
  });

  it('is found wherever a name is repeated', () => {
    const name = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 9 }),
        fc.nat(),
        fc.jsonValue({ maxDepth: 3 }),
        (names, pick, value) => {
          const fields = [...names, names[pick % names.length]].map(
            (one) => `${JSON.stringify(one)} : ${JSON.stringify(value)}`,
          );
          expect(jsonFault(`{${fields.join(' ,\n')}}`)).toContain('twice');
        },
      ),
    );
  });
});
