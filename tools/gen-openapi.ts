import 'reflect-metadata';
import type { OpenAPIObject } from '@nestjs/swagger';
import { todaysDocument } from '../apps/scheduler/src/documents/documents.js';
import type { GatewayPart } from '../apps/scheduler/src/documents/gateway-part.js';
import { splitDocument } from '../apps/scheduler/src/documents/split-document.js';
import { Database } from '#storage';
import { createLog } from '#telemetry';
import { describeGateway } from './gen/describe-gateway.js';
import { describeScheduler } from './gen/describe-scheduler.js';
import { keepGenerated } from './gen/keep-generated.js';
import { lintOpenApi } from './gen/lint-open-api.js';

const GATEWAY_URL = 'http://localhost:3001';

/** `npm run gen:openapi`: the REST API as controllers and schemas describe it, and the gateway's part of it, which the scheduler serves. */
await keepGenerated('gen:openapi', async () => {
  const [scheduler, gateway] = await describe();
  const part = gatewayPart(gateway, scheduler);
  const documents = [
    { path: 'docs/api/openapi.json', text: JSON.stringify(todaysDocument(scheduler, part, GATEWAY_URL)) },
    { path: 'docs/api/openapi.compat.json', text: JSON.stringify(splitDocument(scheduler, 'compat')) },
  ];
  for (const { path, text } of documents) await lintOpenApi(path, text);
  return [...documents, { path: 'apps/scheduler/src/documents/gateway-part.json', text: JSON.stringify(part) }];
});

async function describe(): Promise<[OpenAPIObject, OpenAPIObject]> {
  // A pool connects when it is first asked, and here nobody asks.
  const db = new Database({
    url: 'postgres://nobody@localhost/nothing',
    application: 'openapi',
    maxConnections: 1,
    plans: 'free',
    onIdleError: () => {},
  });
  const log = createLog({ app: 'openapi', level: 'error', pretty: false });
  const described = [await describeScheduler(db, log), await describeGateway(db, log)] as const;
  await db.stop();
  return [...described];
}

/** Numbers are answered alike by both: they stay the scheduler's. */
function gatewayPart(gateway: OpenAPIObject, scheduler: OpenAPIObject): GatewayPart {
  const own = Object.entries(gateway.paths).filter(([path]) => !(path in scheduler.paths));
  const { paths, components } = splitDocument({ ...gateway, paths: Object.fromEntries(own) }, 'v1');
  return { paths, schemas: components?.schemas ?? {} };
}
