import { CsvBody } from '#testing';

/** What is needed here of an OpenAPI document. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
}

interface Operation {
  readonly servers?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content?: Readonly<
      Record<
        string,
        { readonly schema?: Schema; readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }
      >
    >;
  };
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** One operation of the API as it describes itself. */
export interface Route {
  readonly method: string;
  /** With `{id}` where a caller writes something. */
  readonly path: string;
  readonly query: readonly string[];
  /** A body that it takes; undefined: none. */
  readonly body: unknown;
}

/** All that a description says its own process answers: a new route is found here by itself. */
export function routesOf({ paths, components }: Description): Route[] {
  const schemas = components?.schemas ?? {};
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters = [], requestBody, servers }]) => {
      if (servers) return []; // the gateway's: below
      const content = requestBody?.content?.['application/json'];
      const [example] = Object.values(content?.examples ?? {});
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        body: requestBody?.content?.['text/csv']
          ? new CsvBody('to\nada@example.com\n')
          : example
            ? example.value
            : content?.schema && exampleOf(content.schema, schemas),
      };
    }),
  );
}

/** Of the gateway, what answers one by one and at once. */
export const GATEWAY_ROUTES: readonly Route[] = [
  ['GET', '/v1/sandbox/messages', ['emailId', 'deliveryId', 'to']],
  ['GET', '/v1/sandbox/stats', ['emailId']],
  ['GET', '/v1/sandbox/messages/{id}', []],
  ['GET', '/v1/sandbox/messages/{id}/raw', []],
  ['GET', '/v1/sandbox/messages/{id}/attachments/0', []],
].map(([method, path, query]) => ({ method, path, query, body: undefined }) as Route);

function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  const named = schema.$ref === undefined ? undefined : schemas[schema.$ref.replace(/^.*\//, '')];
  if (named) return exampleOf(named, schemas);
  if (schema.const !== undefined) return schema.const;
  const [first] = [...(schema.examples ?? []), ...(schema.enum ?? [])];
  if (first !== undefined) return first;
  const [choice] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (choice) return exampleOf(choice, schemas);
  switch ([schema.type].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {}, schemas)]),
      );
    case 'array':
      return [exampleOf(schema.items ?? {}, schemas)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    case 'string':
      return 'x';
    case undefined:
      return null;
  }
  return null;
}
