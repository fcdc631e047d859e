import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '#domain';
import { EVENTS, TOPICS } from '#events';
import { Api, type Description as Calls, freePorts, isOwn, routesOf, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, object>>;
}

let scheduler: RunningScheduler;
let api: Api;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  scheduler = await runScheduler(database.url, port, { GATEWAY_URL: 'http://gateway.example:9' });
  api = new Api(scheduler.url);
});
afterAll(() => scheduler.stop());

describe('what is served beside the API', () => {
  it('describes the calls of today and the aliases apart', async () => {
    const { body: today } = await api.get<Description>('/openapi.json');
    const { body: aliases } = await api.get<Description>('/openapi.compat.json');
    expect([today.openapi, aliases.openapi]).toEqual(['3.1.0', '3.1.0']);
    expect(Object.keys(today.paths).filter((path) => !path.startsWith('/v1/'))).toEqual([]);
    expect(Object.keys(aliases.paths)).toEqual(expect.arrayContaining(['/schedule', '/emails']));
    expect(Object.keys(aliases.paths).filter((path) => path.startsWith('/v1/'))).toEqual([]);
  });

  it('describes the calls of the gateway, too, and sends them there', async () => {
    const { body } = await api.get<Calls>('/openapi.json');
    const there = routesOf(body).filter((route) => !isOwn(route));
    expect(there.map(({ path }) => path)).toEqual(expect.arrayContaining(['/v1/stream', '/v1/sandbox/messages']));
    const servers = there.flatMap(({ operation }) => operation.servers?.map(({ url }) => url) ?? []);
    expect(new Set(servers)).toEqual(new Set(['http://gateway.example:9']));
    expect((await api.get('/v1/sandbox/messages')).status).toBe(404);
  });

  it.each(['/docs', '/docs/compat'])('has pages to read and try at %s', async (path) => {
    const { status, headers } = await api.get(path);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it('describes every topic and event', async () => {
    const { body } = await api.get<{ asyncapi: string; channels: object; components: { messages: object } }>(
      '/asyncapi.json',
    );
    expect(body.asyncapi).toBe('3.0.0');
    expect(Object.keys(body.channels)).toEqual(TOPICS.map(({ name }) => name));
    expect(Object.keys(body.components.messages)).toEqual(expect.arrayContaining(EVENTS.map(({ ceType }) => ceType)));
  });

  it('has a page for every problem, and for nothing else', async () => {
    const statuses = await Promise.all(Object.keys(PROBLEMS).map((code) => api.get(`/problems/${code}`)));
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(problemOf(await api.get('/problems/constructor'))).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('has the schema of every event where its header points', async () => {
    const schemas = await Promise.all(
      EVENTS.map(({ ceType }) => api.get<{ $id: string; type: string }>(`/schemas/${ceType}.json`)),
    );
    for (const { status, body } of schemas) expect([status, body.type]).toEqual([200, 'object']);
    expect(problemOf(await api.get('/schemas/nothing.json'))).toMatchObject({ status: 404 });
  });
});
