import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { readEnvironment, testConfig } from '#config';
import {
  Api,
  type Description,
  eventually,
  type GeneratedRequest,
  onlyRoutes,
  requestsOf,
  Rubbish,
  testDatabase,
  uniqueName,
} from '#testing';
import { described } from './testing/described.js';
import { gatewayOnFreePorts } from './testing/gateway-on-free-ports.js';
import type { RunningGateway } from './start-gateway.js';

const REQUESTS = 2_000;
/** So many at once keep both cores busy. */
const TOGETHER = 25;

let gateway: RunningGateway;
let url: string;
let ids: string[];

beforeAll(async () => {
  const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
  const { url: databaseUrl } = await testDatabase();
  gateway = await gatewayOnFreePorts({ databaseUrl, brokers, topicPrefix: uniqueName('rubbish-') });
  url = `http://127.0.0.1:${gateway.httpPort}`;
  ids = await someMessages();
}, 60_000);
afterAll(() => gateway.stop());

async function someMessages(): Promise<string[]> {
  const mail = { from: 'bob@example.com', to: 'ada@example.com', subject: 'Hi', text: 'It works' };
  const transport = createTransport({ host: '127.0.0.1', port: gateway.smtpPort, secure: false, ignoreTLS: true });
  for (let i = 0; i < 3; i += 1) await transport.sendMail({ ...mail, attachments: [{ filename: 'a', content: 'x' }] });
  let found: string[] = [];
  await eventually(async () => {
    const { body } = await new Api(url).get<{ data: { id: string }[] }>('/v1/sandbox/messages');
    found = body.data.map(({ id }) => id);
    expect(found).toHaveLength(3);
  }, 60_000);
  return found;
}

/** Nobody has the time to wait for mail, and mail that was deleted answers nothing but 404. */
function hurried(request: GeneratedRequest): GeneratedRequest {
  const [path = '', query] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  if (path === '/v1/sandbox/wait' && /^\d*$/.test(parameters.get('timeoutSeconds') ?? ''))
    parameters.set('timeoutSeconds', '0');
  if (request.method === 'DELETE') parameters.set('to', 'nobody@example.com');
  return { ...request, path: parameters.size > 0 ? `${path}?${parameters.toString()}` : path };
}

describe('rubbish made from the description of the gateway', () => {
  it('is answered with what is wrong, and never with a 5xx', async () => {
    const rubbish = new Rubbish(url);
    // A stream that was let in would never end.
    const description = onlyRoutes(described<Description>(), ({ path }) => path !== '/v1/stream');
    const requests = requestsOf(description, ids).map(hurried);
    const many = fc.array(requests, { minLength: TOGETHER, maxLength: TOGETHER });
    await fc.assert(
      fc.asyncProperty(many, (batch) => Promise.all(batch.map((one) => rubbish.send(one))).then(() => undefined)),
      { numRuns: REQUESTS / TOGETHER, endOnFailure: true },
    );
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(rubbish.share(200, 300)).toBeGreaterThan(0.1);
    expect(rubbish.share(422, 423)).toBeGreaterThan(0.1);
  }, 120_000);
});
