import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import type { Problem } from './problem.js';
import { ValidationPipe } from './validation.pipe.js';

const pipe = new ValidationPipe();

async function wrongIn(schema: z.ZodType, value: unknown, type: 'body' | 'query' = 'body') {
  const problem = (await pipe.transform(value, { type, schema, metatype: undefined, data: undefined }).then(
    () => undefined,
    (error: unknown) => error,
  )) as Problem | undefined;
  return problem?.details.errors ?? [];
}

async function errorsOf(schema: z.ZodType, value: unknown, type: 'body' | 'query' = 'body'): Promise<string[]> {
  const errors = await wrongIn(schema, value, type);
  return errors.map((error) => `${'pointer' in error ? error.pointer : `?${error.parameter}`} ${error.code}`);
}

const detailsOf = async (schema: z.ZodType, value: unknown): Promise<string[]> =>
  (await wrongIn(schema, value)).map(({ detail }) => detail);

describe('where something is wrong', () => {
  it.each<[string, z.ZodType, unknown, string[]]>([
    ['the whole body', z.strictObject({}), 5, [' bad_type']],
    ['a field', z.strictObject({ a: z.string() }), {}, ['/a required']],
    [
      'deep inside',
      z.strictObject({ a: z.array(z.strictObject({ b: z.int() })) }),
      { a: [{ b: 1 }, { b: 'x' }] },
      ['/a/1/b bad_type'],
    ],
    ['a name with / and ~ (RFC 6901 3)', z.strictObject({}), { 'a/~1b': 1 }, ['/a~1~01b unknown_field']],
    ['an empty name', z.strictObject({}), { '': 1 }, ['/ unknown_field']],
    [
      'inside an unknown field',
      z.strictObject({ a: z.strictObject({}) }),
      { a: { b: { c: 1 } } },
      ['/a/b unknown_field'],
    ],
    [
      'the shape that was meant',
      z.strictObject({ a: z.union([z.string(), z.array(z.string())]) }),
      { a: ['x', 1] },
      ['/a/1 bad_type'],
    ],
    ['no shape at all', z.strictObject({ a: z.union([z.string(), z.array(z.string())]) }), { a: 1 }, ['/a bad_type']],
    [
      'a code of ours',
      z.string().refine(() => false, { error: 'x', params: { code: 'injection' } }),
      'x',
      [' injection'],
    ],
    [
      'several at once',
      z.strictObject({ a: z.string().max(1), b: z.enum(['x']) }),
      { a: 'xx', b: 'y' },
      ['/a too_long', '/b unknown_value'],
    ],
    ['null where nothing may be', z.strictObject({ a: z.string() }), { a: null }, ['/a bad_type']],
    ['a list that is too long', z.array(z.int()).max(1), [1, 2], [' too_many']],
    ['a number that is too big', z.int().max(1), 2, [' out_of_range']],
  ])('%s', async (_what, schema, value, errors) => {
    expect(await errorsOf(schema, value)).toEqual(errors);
  });

  it('in a query is its parameter; no query is an empty one', async () => {
    const schema = z.strictObject({ limit: z.string().max(1).optional() });
    expect(await errorsOf(schema, { limit: '22', x: '1' }, 'query')).toEqual(['?limit too_long', '?x unknown_field']);
    expect(await errorsOf(schema, undefined, 'query')).toEqual([]);
  });

  it('is told for at most 50 fields', async () => {
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`x${index}`, 1]));
    expect(await errorsOf(z.strictObject({}), many)).toHaveLength(50);
  });

  it('can be followed: the pointer leads to the value, whatever the names', async () => {
    const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), async (names) => {
        const schema = names.reduceRight<z.ZodType>((inner, key) => z.strictObject({ [key]: inner }), z.string());
        const value = names.reduceRight<unknown>((inner, key) => ({ [key]: inner }), 5);
        const [error = ''] = await errorsOf(schema, value);
        const parts = error.slice(1, error.lastIndexOf(' ')).split('/');
        expect(parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))).toEqual(names);
      }),
    );
  });

  it('that there is no body at all is bad_json', async () => {
    const checking = pipe.transform(undefined, {
      type: 'body',
      schema: z.strictObject({}),
      metatype: undefined,
      data: undefined,
    });
    await expect(checking).rejects.toMatchObject({ code: 'bad_json' });
  });
});

describe('what is wrong', () => {
  const range = z.int().min(0).max(1_000_000);

  it.each<[z.ZodType, unknown, string]>([
    [range, -1, 'must be a whole number from 0 to 1,000,000'],
    [range, 1.5, 'must be a whole number from 0 to 1,000,000'],
    [range, 'many', 'must be a whole number from 0 to 1,000,000'],
    [range.nullable().default(null), 10_000_000, 'must be a whole number from 0 to 1,000,000'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.int().min(1), 0, 'must be a whole number, at least 1'],
    [z.number().max(0.9), 1, 'must be a number, at most 0.9'],
    [z.number().min(0).max(0.9, 'at most 0.9: others must go on'), 1, 'at most 0.9: others must go on'],
    [z.union([z.string(), z.number().transform(String)]), true, 'must be a text'],
    [z.strictObject({ a: z.boolean() }), { a: 'yes' }, 'must be true or false'],
    [z.record(z.string(), z.string()), 5, 'must be an object'],
    [z.array(z.string()).min(1).max(20), [], 'must not be empty'],
    [z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 entries'],
    [z.string().max(998), 'x'.repeat(999), 'must have at most 998 characters'],
    [z.enum(['even', 'burst']), 'odd', 'must be one of "even", "burst"'],
    [z.literal('bulk'), 'otp', 'must be "bulk"'],
  ])('is said in words for people: %#', async (schema, value, detail) => {
    expect(await detailsOf(schema, value)).toEqual([detail]);
  });
});

describe('what is right', () => {
  it('comes out parsed; without a schema nothing is touched', async () => {
    const metadata = { type: 'body' as const, metatype: undefined, data: undefined };
    expect(await pipe.transform('5', { ...metadata, schema: z.string().transform(Number) })).toBe(5);
    const value = { any: 'thing' };
    expect(await pipe.transform(value, metadata)).toBe(value);
  });
});
