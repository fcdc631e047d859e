import fc from 'fast-check';

/** The part of JSON Schema that our descriptions use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
}

export type Schemas = Readonly<Record<string, Schema>>;

const FEW = 4;
const DEPTH = 6;

/** Values that a schema asks for, and what people and attackers send instead. */
export function arbitraryOf(schema: Schema, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  const wanted = depth > DEPTH ? fc.constant(null) : wantedBy(schema, schemas, depth);
  return fc.oneof({ weight: 30, arbitrary: wanted }, { weight: 1, arbitrary: NASTY });
}

function wantedBy(schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  const inner = (part: Schema) => arbitraryOf(part, schemas, depth + 1);
  if (schema.$ref !== undefined) return inner(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (branches && branches.length > 0) return fc.oneof(...branches.map(inner));
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, inner)));
}

function ofType(type: string, schema: Schema, inner: (part: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({ min: Math.max(schema.minimum ?? -10, -1e9), max: Math.min(schema.maximum ?? 1e6, 1e9) });
    case 'number':
      return fc.double({ min: schema.minimum ?? -10, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(inner(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? FEW, FEW),
      });
    case 'null':
      return fc.constant(null);
    default:
      return object(schema, inner);
  }
}

function object(schema: Schema, inner: (part: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {}).map(([name, part]) => [name, inner(part)] as const);
  const isRequired = (name: string) => (schema.required ?? []).includes(name);
  // Of what may be left out a few at a time: all at once hardly ever fit together.
  const others = members.filter(([name]) => !isRequired(name));
  const optional = fc.subarray(others, { maxLength: Math.min(3, others.length) });
  const required = members.filter(([name]) => isRequired(name));
  const known = optional.chain((chosen) => fc.record(Object.fromEntries([...required, ...chosen])));
  const value = typeof schema.additionalProperties === 'object' ? inner(schema.additionalProperties) : NASTY;
  const extra = fc.dictionary(fc.oneof(fc.constantFrom('__proto__', 'constructor', 'to'), fc.string()), value, {
    maxKeys: 2,
  });
  const isOpen = members.length === 0;
  return fc
    .tuple(known, fc.oneof({ weight: isOpen ? 0 : 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extra }))
    .map(([own, more]) => ({ ...own, ...more }));
}

function text({ format, pattern, examples, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<unknown> {
  const shown = examples && examples.length > 0 ? [fc.constantFrom(...examples)] : [];
  const words = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
  if (format === 'date-time') return fc.oneof({ weight: 6, arbitrary: INSTANTS }, ...shown, words);
  const mailboxes = pattern === undefined ? [{ weight: 8, arbitrary: MAILBOXES }] : [];
  return fc.oneof(...mailboxes, ...shown, words);
}

const INSTANTS = fc.oneof(
  fc
    .date({ min: new Date('2026-01-01'), max: new Date('2101-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc.constantFrom(
    '2027-01-05T09:00:00+01:00',
    '2027-02-30T00:00:00Z',
    '2027-01-05T09:00',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ),
);

const MAILBOXES = fc.constantFrom(
  'ada@example.com',
  'Ada <ada@example.com>',
  'bob@example.com',
  'eve@example.com',
  'mallory@example.com',
  'Trent <trent@example.com>',
  'jörg@bücher.example',
  '"a b"@example.com',
  'a@b@c',
  '<a@example.com',
  `${'a'.repeat(64)}@example.com`,
);

/** Null bytes, line ends, lone surrogates, names of prototypes, numbers at the edge. */
const NASTY = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    '\u0000',
    'a\r\nBcc: evil@example.com',
    '\u2028',
    '\uD800',
    'x'.repeat(2_000),
    '__proto__',
    "'; drop table emails; --",
    '{{ constructor }}',
    '../../etc/passwd',
    -1,
    0,
    1.5,
    2 ** 53,
    1e308,
    -0,
    [],
    {},
    [[[[[[]]]]]],
    { $ne: null },
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);
