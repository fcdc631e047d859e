import { ApiBody } from '@nestjs/swagger';

/** Shows bodies to begin with. The schema itself comes from `@Body({ schema })`, by the id in its meta. */
export const ApiExamples = (
  schemaId: string,
  examples: Readonly<Record<string, { readonly summary: string; readonly value: object }>>,
): MethodDecorator => ApiBody({ schema: { $ref: `#/components/schemas/${schemaId}` }, examples });
