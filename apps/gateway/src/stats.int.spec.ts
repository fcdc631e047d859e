import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment, testConfig } from '#config';
import { Api, testDatabase, uniqueName } from '#testing';
import { gatewayOnFreePorts } from './testing/gateway-on-free-ports.js';
import type { RunningGateway } from './start-gateway.js';

let gateway: RunningGateway;
let databaseUrl: string;

beforeAll(async () => {
  const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
  ({ url: databaseUrl } = await testDatabase());
  gateway = await gatewayOnFreePorts({ databaseUrl, brokers, topicPrefix: uniqueName('stats-') });
}, 60_000);
afterAll(() => gateway.stop());

describe('the gateway', () => {
  it('answers statistics as the scheduler does', async () => {
    const api = new Api(`http://127.0.0.1:${gateway.httpPort}`);
    expect(await api.get('/v1/stats/queue')).toMatchObject({
      status: 200,
      body: { object: 'queue', scheduled: 0 },
    });
    expect((await api.get('/v1/emails/em_00000000000000000000000000/stats')).status).toBe(404);
  });
});
