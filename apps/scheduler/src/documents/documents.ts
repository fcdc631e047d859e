import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeApp, openApiSchema } from '#http';
import { BatchRequest } from '../batch/batch.schema.js';
import { SchedulerModule } from '../scheduler.module.js';
import { type GatewayPart, gatewayPart, withGateway } from './gateway-part.js';
import { splitDocument } from './split-document.js';

/** The calls that this app answers, described. */
export const schedulerDocument = (app: NestFastifyApplication): OpenAPIObject =>
  describeApp(
    app,
    SchedulerModule,
    openApiSchema(BatchRequest, { schemaType: 'input' })?.components, // its route checks part by part
  );

export interface DocumentsOptions {
  /** Serve the aliases of older systems, too. */
  readonly compat: boolean;
  /** Where the calls that the gateway answers are sent to. */
  readonly gatewayUrl: string;
}

/** Serves the description of the whole API as JSON, and as pages to read and try. */
export function serveDocuments(app: NestFastifyApplication, { compat, gatewayUrl }: DocumentsOptions): void {
  if (compat) {
    const aliases = () => splitDocument(schedulerDocument(app), 'compat');
    SwaggerModule.setup('docs/compat', app, aliases, { jsonDocumentUrl: 'openapi.compat.json' });
  }
  const today = () => todaysDocument(schedulerDocument(app), gatewayPart(), gatewayUrl);
  SwaggerModule.setup('docs', app, today, { jsonDocumentUrl: 'openapi.json' });
}

/** The calls of today of both apps: what one origin would answer behind a proxy. */
export const todaysDocument = (document: OpenAPIObject, gateway: GatewayPart, gatewayUrl: string): OpenAPIObject =>
  withGateway(splitDocument(document, 'v1'), gateway, gatewayUrl);
