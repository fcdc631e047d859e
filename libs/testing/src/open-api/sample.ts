import type { Schema, Schemas } from './arbitrary-of-schema.js';
import { CsvBody } from '../mailtide/csv-body.js';
import type { Route } from './description.js';

/** A value that a schema shows, or one that it would take; as little of it as it takes. */
export function sampleOf(schema: Schema, schemas: Schemas): unknown {
  const named = schema.$ref === undefined ? undefined : schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (named) return sampleOf(named, schemas);
  if (schema.const !== undefined) return schema.const;
  const [shown] = [...(schema.examples ?? []), ...(schema.enum ?? [])];
  if (shown !== undefined) return shown;
  const [choice] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (choice) return sampleOf(choice, schemas);
  return samplesByType(schema, schemas)[[schema.type].flat()[0] ?? 'null'];
}

const samplesByType = (schema: Schema, schemas: Schemas): Readonly<Record<string, unknown>> => ({
  object: Object.fromEntries(
    (schema.required ?? []).map((name) => [name, sampleOf(schema.properties?.[name] ?? {}, schemas)]),
  ),
  array: (schema.minItems ?? 1) > 0 && schema.items ? [sampleOf(schema.items, schemas)] : [],
  integer: schema.minimum ?? 1,
  number: schema.minimum ?? 1,
  boolean: false,
  string: 'x',
  null: null,
});

/** Bodies of a call, all good: those that its description shows, else one made of its schema. None: it takes no body. */
export function bodiesOf({ operation }: Route, schemas: Schemas): unknown[] {
  const types = operation.requestBody?.content;
  if (types?.['text/csv']) return [new CsvBody('to\nada@example.com\n'), new CsvBody('to\nbob@example.com\n')];
  const content = types?.['application/json'];
  if (!content) return [];
  const shown = Object.values(content.examples ?? {}).map(({ value }) => value);
  return shown.length > 0 ? shown : [sampleOf(content.schema ?? {}, schemas)];
}

/** Where a body may have a text, with a body that has one there. */
export interface TextPlace {
  /** JSON pointer. */
  readonly pointer: string;
  readonly schema: Schema;
  readonly bodyWith: (text: string) => unknown;
}

/** All places of a schema that take a text, each once. */
export function textPlaces(schema: Schema, schemas: Schemas, base: unknown = sampleOf(schema, schemas)): TextPlace[] {
  const named = schema.$ref === undefined ? undefined : schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (named) return textPlaces(named, schemas, base);
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (branches.length > 0) {
    const places = branches.flatMap((branch) => textPlaces(branch, schemas));
    return places.filter(({ pointer }, i) => places.findIndex((one) => one.pointer === pointer) === i);
  }
  if ([schema.type].flat().includes('string')) return [{ pointer: '', schema, bodyWith: (text) => text }];
  if (schema.items) return below('0', textPlaces(schema.items, schemas), (inner) => [inner]);
  const whole = (typeof base === 'object' && base !== null ? base : {}) as Readonly<Record<string, unknown>>;
  return membersOf(schema).flatMap(([name, member]) =>
    below(name, textPlaces(member, schemas, whole[name] ?? sampleOf(member, schemas)), (inner) => ({
      ...whole,
      [name]: inner,
    })),
  );
}

/** Fields by name, and of a record one that its description shows. */
function membersOf({ properties = {}, additionalProperties, examples = [] }: Schema): [string, Schema][] {
  const [shown] = examples.map((example) => Object.keys(example ?? {})[0]);
  const more: [string, Schema][] =
    typeof additionalProperties === 'object' ? [[shown ?? 'x-a', additionalProperties]] : [];
  return [...Object.entries(properties), ...more];
}

const below = (name: string, places: readonly TextPlace[], around: (inner: unknown) => unknown): TextPlace[] =>
  places.map(({ pointer, schema, bodyWith }) => ({
    pointer: `/${name}${pointer}`,
    schema,
    bodyWith: (text) => around(bodyWith(text)),
  }));
