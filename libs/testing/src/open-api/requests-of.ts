import fc from 'fast-check';
import { arbitraryOf, type Schemas } from './arbitrary-of-schema.js';
import type { Content, Description, Operation, Parameter } from './description.js';

export interface GeneratedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Requests to every operation of a description: most of them as it asks, with something wrong here and there. */
export function requestsOf({ paths, components }: Description, ids: readonly string[]): fc.Arbitrary<GeneratedRequest> {
  const schemas = components?.schemas ?? {};
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => requestTo(method, path, operation, schemas, ids)),
  );
  return fc.oneof(...operations);
}

function requestTo(
  method: string,
  path: string,
  { parameters = [], requestBody }: Operation,
  schemas: Schemas,
  ids: readonly string[],
): fc.Arbitrary<GeneratedRequest> {
  const named = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const [content] = Object.values(requestBody?.content ?? {});
  return fc
    .record({
      segments: fc.tuple(...named('path').map(() => segment(ids))),
      query: values(named('query'), schemas),
      headers: fc.record(
        {
          'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('k1', 'k'.repeat(256))),
          'if-match': fc.constantFrom('"1"', '"2"', '*', 'x'),
        },
        { requiredKeys: [] },
      ),
      body: content ? bodyOf(content, schemas).map((body) => JSON.stringify(body)) : fc.constant(undefined),
    })
    .map(({ segments, query, headers, body }) => {
      const names = named('path').map(({ name }) => name);
      const filled = names.reduce(
        (url, name, i) => url.replace(`{${name}}`, encodeURIComponent(segments[i] ?? '')),
        path,
      );
      const search = new URLSearchParams(query).toString();
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      return {
        method: method.toUpperCase(),
        path: search === '' ? filled : `${filled}?${search}`,
        headers: { ...type, ...headers },
        body,
      };
    });
}

/** An example of the description, with a field or two of something else. */
function bodyOf({ schema = {}, examples = {} }: Content, schemas: Schemas): fc.Arbitrary<unknown> {
  const made = arbitraryOf(schema, schemas);
  const shown = Object.values(examples).map(({ value }) => value);
  if (shown.length === 0) return made;
  const mixed = fc.tuple(fc.constantFrom(...shown), made).map(([example, other]) => mix(example, other));
  return fc.oneof(made, mixed, fc.constantFrom(...shown));
}

function mix(example: unknown, other: unknown): unknown {
  if (typeof example !== 'object' || typeof other !== 'object') return other;
  return { ...example, ...Object.fromEntries(Object.entries(other ?? {}).slice(-1)) };
}

const segment = (ids: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...ids) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('em_', 'nope', '%', '..', 'em_01m8rf20g6ekd9jbb81k6sxq3w', '\u0000', 'x'.repeat(500)),
    },
    { weight: 1, arbitrary: fc.string({ minLength: 1 }).filter((text) => text.isWellFormed()) },
  );

/** A few parameters now and then, and seldom one that does not exist. */
const values = (parameters: readonly Parameter[], schemas: Schemas): fc.Arbitrary<Record<string, string>> => {
  const pairs = parameters.map(({ name, schema = {} }) =>
    arbitraryOf(schema, schemas).map(
      (value) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
  );
  const stranger = fc.constant(['unknown', '1'] as const);
  const pair = fc.oneof({ weight: 1, arbitrary: stranger }, ...pairs.map((arbitrary) => ({ weight: 4, arbitrary })));
  return fc
    .oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.array(pair, { maxLength: 3 }) })
    .map((chosen) => Object.fromEntries(chosen));
};
