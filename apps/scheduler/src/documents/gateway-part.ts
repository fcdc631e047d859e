import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';

/** What the gateway answers and the scheduler does not, as the API document has it. */
export type GatewayPart = Pick<OpenAPIObject, 'paths'> & { readonly schemas: Schemas };

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** `npm run gen:openapi` writes it beside this file: an app never imports an app. */
export const gatewayPart = (): GatewayPart =>
  JSON.parse(readFileSync(new URL('./gateway-part.json', import.meta.url), 'utf8')) as GatewayPart;

/** Adds what the gateway answers; a reader's program sends it there. */
export function withGateway(
  document: OpenAPIObject,
  { paths, schemas }: GatewayPart,
  gatewayUrl: string,
): OpenAPIObject {
  const servers = [{ url: gatewayUrl, description: 'the gateway' }];
  const there = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item).map(([method, operation]) => [method, { ...(operation as object), servers }]),
    ),
  ]);
  return {
    ...document,
    paths: { ...document.paths, ...(Object.fromEntries(there) as OpenAPIObject['paths']) },
    components: { ...document.components, schemas: { ...schemas, ...document.components?.schemas } },
  };
}
