import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemSchema } from '../views/problem.schema.js';
import { openApiSchema } from './open-api-schema.js';

const DESCRIPTION = `Schedules, delivers and tracks e-mail.

With \`AUTH_MODE=dev\` this machine needs no key. What is no success is \`application/problem+json\` with a stable \`code\`.
Requests refuse what they do not know; answers may gain fields.`;

/**
 * The calls of an app described (OpenAPI 3.1): made from the controllers of `module` and their schemas, never by hand.
 * @param extra more schemas for its components, for what no parameter names
 */
export function describeApp(
  app: NestFastifyApplication,
  module: Type,
  extra: Readonly<Record<string, unknown>> = {},
): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Mailtide')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'where this document comes from')
    .addSecurity('key', { type: 'http', scheme: 'bearer', description: '`mt_live_...` or `mt_test_...`' })
    .addSecurityRequirements('key')
    .build();
  const document = SwaggerModule.createDocument(app, builder, {
    include: [module],
    standardSchemaConverter: openApiSchema,
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '').toLowerCase()}.${method}`,
  });
  const problem = openApiSchema(ProblemSchema, { schemaType: 'output' })?.components ?? {};
  Object.assign(((document.components ??= {}).schemas ??= {}), inComponents({ ...extra, ...problem }));
  return document;
}

/** References as they are between components. */
const inComponents = (components: object): object =>
  JSON.parse(JSON.stringify(components).replaceAll('#/$defs/', '#/components/schemas/')) as object;
