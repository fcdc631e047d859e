/** What is needed here of JSON Schema. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** The type of a value as a reader wants it: `integer or null`, `list of [text, integer]`. */
export function typeInWords(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map(typeInWords).join(' or ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeInWords).join(', ')}]`;
  if (schema.items) return `list of ${typeInWords(schema.items)}`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
  if (schema.format === 'date-time') return 'instant';
  return [schema.type ?? 'any'].flat().map(plainWord).join(' or ');
}

const plainWord = (type: string): string => (type === 'string' ? 'text' : type);
