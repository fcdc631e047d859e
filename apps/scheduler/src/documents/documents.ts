import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { openApiSchema, ProblemSchema } from '#http';
import { BatchRequest } from '../batch/batch.schema.js';
import { SchedulerModule } from '../scheduler.module.js';
import { splitDocument } from './split-document.js';

const DESCRIPTION = `Schedules, delivers and tracks e-mail.

With \`AUTH_MODE=dev\` this machine needs no key. What is no success is \`application/problem+json\` with a stable \`code\`.
Requests refuse what they do not know; answers may gain fields.`;

/** The API described: made from the controllers and their schemas, never by hand. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
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
    include: [SchedulerModule],
    standardSchemaConverter: openApiSchema,
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '').toLowerCase()}.${method}`,
  });
  const problem = openApiSchema(ProblemSchema, { schemaType: 'output' })?.components ?? {};
  const batch = openApiSchema(BatchRequest, { schemaType: 'input' })?.components ?? {}; // its route checks part by part
  Object.assign(((document.components ??= {}).schemas ??= {}), inComponents({ ...batch, ...problem }));
  return document;
}

/** References as they are between components. */
const inComponents = (components: object): object =>
  JSON.parse(JSON.stringify(components).replaceAll('#/$defs/', '#/components/schemas/')) as object;

/** Serves the description as JSON, and as pages to read and try. */
export function serveDocuments(app: NestFastifyApplication, options: { readonly compat: boolean }): void {
  const part = (which: 'v1' | 'compat') => () => splitDocument(openApiDocument(app), which);
  if (options.compat) {
    SwaggerModule.setup('docs/compat', app, part('compat'), { jsonDocumentUrl: 'openapi.compat.json' });
  }
  SwaggerModule.setup('docs', app, part('v1'), { jsonDocumentUrl: 'openapi.json' });
}
