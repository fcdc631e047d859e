import { z } from 'zod';

type Json = Record<string, unknown>;

/**
 * A zod schema as OpenAPI 3.1 has it (JSON Schema 2020-12); what has an id becomes a component.
 * Answers may gain fields, so they are described as open; requests refuse what they do not know, and say so.
 */
export function openApiSchema(
  schema: unknown,
  { schemaType }: { readonly schemaType: 'input' | 'output' },
): { schema: unknown; components: Json } | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const json = z.toJSONSchema(schema, {
    io: schemaType,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (schemaType === 'output') delete jsonSchema.additionalProperties;
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern; // the format says it shorter
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const { $schema: _version, $defs = {}, ...own } = json;
  return { schema: own, components: $defs };
}
