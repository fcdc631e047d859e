import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { readEnvironment, testConfig } from '#config';
import type { ListView } from '#http';
import { ensureKey, ensureTenant } from '#storage';
import { Api, type Description, eventually, openFree, type Route, routesOf, testDatabase, uniqueName } from '#testing';
import { described } from './testing/described.js';
import { gatewayOnFreePorts } from './testing/gateway-on-free-ports.js';
import type { RunningGateway } from './start-gateway.js';

/** The manners that all calls share (interface 2), on every route of the gateway that the API describes. */

const ORIGIN = 'http://localhost:3000';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const MESSAGE = 'msg_01m8rf20g6ekd9jbb81k6sxq3w';
const STRANGER = `mt_test_${'s'.repeat(43)}`;
/** What a route needs to be called at all. */
const NEEDED: Readonly<Record<string, string>> = {
  '/v1/stream': 'topic=tenant',
  '/v1/sandbox/wait': 'timeoutSeconds=0',
};
const EXPOSED = ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after', 'location', 'etag', 'link'];

const routes: readonly Route[] = routesOf(described<Description>());

let gateway: RunningGateway;
let keyed: RunningGateway;
let api: Api;
let message: string;

beforeAll(async () => {
  const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
  const { url: databaseUrl } = await testDatabase();
  const own = { databaseUrl, brokers, topicPrefix: uniqueName('every-') };
  gateway = await gatewayOnFreePorts(own);
  keyed = await gatewayOnFreePorts({ ...own, topicPrefix: uniqueName('every-'), authMode: 'keys' });
  const db = openFree(databaseUrl, 1);
  await ensureKey(db, { secret: STRANGER, tenantId: await ensureTenant(db, 's'), name: 's', scopes: ['admin'] });
  await db.stop();
  api = new Api(`http://127.0.0.1:${gateway.httpPort}`);
  message = await aMessage();
}, 60_000);
afterAll(() => Promise.all([gateway.stop(), keyed.stop()]));

/** Sends two, so that there is a next page. */
async function aMessage(): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: gateway.smtpPort, secure: false, ignoreTLS: true });
  const mail = { from: 'bob@example.com', to: 'ada@example.com', subject: 'Hi', text: 'It works' };
  for (const content of ['x', 'y']) await transport.sendMail({ ...mail, attachments: [{ filename: 'a', content }] });
  let id = '';
  await eventually(async () => {
    const { body } = await api.get<ListView<{ id: string }>>('/v1/sandbox/messages');
    expect(body.data).toHaveLength(2);
    id = body.data[0]?.id ?? '';
  }, 60_000);
  return id;
}

const named = (path: string, id: string): string => path.replace('{id}', encodeURIComponent(id)).replace('{n}', '0');

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly code: string | undefined;
}

/** Calls; a stream is left when it has begun. */
async function call(
  route: Pick<Route, 'method' | 'path'>,
  init: RequestInit = {},
  id = message,
  more = '',
  at = gateway,
): Promise<Answer> {
  const query = [NEEDED[route.path], more].filter(Boolean).join('&');
  const gone = new AbortController();
  const url = `http://127.0.0.1:${at.httpPort}${named(route.path, id)}${query === '' ? '' : `?${query}`}`;
  const response = await fetch(url, { ...init, method: route.method, signal: gone.signal });
  const { status, headers } = response;
  const isStream = headers.get('content-type') === 'text/event-stream';
  const text = isStream ? '' : await response.text();
  if (isStream) gone.abort();
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  const code = isProblem ? (JSON.parse(text) as { readonly code: string }).code : undefined;
  return { status, headers, text, code };
}

/** What is wrong with which route; a test fails with all of them at once. */
async function faults(check: (route: Route) => Promise<string | undefined>): Promise<string[]> {
  const wrong: string[] = [];
  for (const route of routes) {
    const fault = await check(route).catch((error: unknown) => String(error));
    if (fault !== undefined) wrong.push(`${route.method} ${route.path}: ${fault}`);
  }
  return wrong;
}

const otherThan = ({ status, code, text }: Answer, wanted: number, wantedCode: string): string | undefined =>
  status === wanted && code === wantedCode ? undefined : `${status} ${text}`;

describe('every route of the gateway', () => {
  it('is looked at here', () => {
    expect(routes.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/v1/stream', '/v1/stats/queue', '/v1/sandbox/messages', '/v1/sandbox/wait']),
    );
  });

  it('answers what is described, with the id of its request, not to be stored, and with what is left', async () => {
    const gets = await faults(async (route) => {
      const headers = { 'x-request-id': 'my-own_ID-1', origin: ORIGIN };
      const {
        status,
        headers: got,
        text,
      } = await call(route, { headers }, message, route.method === 'DELETE' ? 'to=x@example.com' : '');
      if (status !== 200 || !('200' in (route.operation.responses ?? {}))) return `${status} ${text}`;
      if (got.get('x-request-id') !== 'my-own_ID-1') return `request id ${got.get('x-request-id')}`;
      if (!got.get('cache-control')?.startsWith('no-store')) return `cache-control ${got.get('cache-control')}`;
      if (!/^"key";r=\d+;t=\d+$/.test(got.get('ratelimit') ?? '')) return `ratelimit ${got.get('ratelimit')}`;
      if (got.get('ratelimit-policy') !== '"key";q=1000;w=1') return `policy ${got.get('ratelimit-policy')}`;
      const exposed = (got.get('access-control-expose-headers') ?? '').split(/, */);
      const hidden = EXPOSED.filter((name) => !exposed.includes(name));
      return hidden.length > 0 ? `${hidden.join()} cannot be read by a page` : undefined;
    });
    expect(gets).toEqual([]);
  });

  it('answers HEAD as GET, without the body', async () => {
    const wrong = await faults(async (route) => {
      if (route.method !== 'GET') return undefined;
      const [head, get] = [await call({ ...route, method: 'HEAD' }), await call(route)];
      const types = [head, get].map(({ headers }) => headers.get('content-type'));
      return head.status === get.status && types[0] === types[1] && head.text === ''
        ? undefined
        : `${head.status} ${types.join()}`;
    });
    expect(wrong).toEqual([]);
  });

  it('answers another method with 405 and those that it takes', async () => {
    const wrong = await faults(async ({ path }) => {
      const own = routes.filter((route) => route.path === path).map(({ method }) => method);
      for (const method of METHODS.filter((one) => !own.includes(one))) {
        const answer = await call({ method, path });
        const allow = (answer.headers.get('allow') ?? '').split(', ');
        const fault = otherThan(answer, 405, 'method_not_allowed');
        if (fault !== undefined) return `${method}: ${fault}`;
        if (own.some((one) => !allow.includes(one))) return `${method}: Allow ${allow.join()}`;
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('refuses a parameter that it does not know, an answer of another type, a URL that is too long', async () => {
    const wrong = await faults(async (route) => {
      const unknown = otherThan(await call(route, {}, message, 'nothing=1'), 422, 'validation_failed');
      if (unknown !== undefined) return `unknown: ${unknown}`;
      const long = otherThan(await call(route, {}, message, `x=${'x'.repeat(8_192)}`), 414, 'uri_too_long');
      if (long !== undefined) return `long: ${long}`;
      if (route.path.endsWith('/attachments/{n}')) return undefined; // may be of any type
      return otherThan(await call(route, { headers: { accept: 'image/png' } }), 406, 'not_acceptable');
    });
    expect(wrong).toEqual([]);
  });

  it('asks for a key where keys are asked for', async () => {
    const wrong = await faults(async (route) => {
      for (const authorization of ['', 'Bearer x', `Bearer mt_test_${'x'.repeat(43)}`, `Basic ${STRANGER}`]) {
        const init = authorization === '' ? {} : { headers: { authorization } };
        const fault = otherThan(await call(route, init, message, '', keyed), 401, 'unauthorized');
        if (fault !== undefined) return `${authorization}: ${fault}`;
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('knows an id that is not there for this caller no more than one that never was', async () => {
    const wrong = await faults(async (route) => {
      if (!route.path.includes('{id}')) return undefined;
      const ids = [MESSAGE, message.replace('msg_', 'em_'), message.toUpperCase(), 'x', '%00'];
      const foreign = await call(route, { headers: { authorization: `Bearer ${STRANGER}` } });
      const answers = [foreign, ...(await Promise.all(ids.map((id) => call(route, {}, id))))];
      const bodies = answers.map(({ text }) => {
        const { instance: _instance, requestId: _requestId, ...rest } = JSON.parse(text) as Record<string, unknown>;
        return JSON.stringify(rest);
      });
      const faulty = answers.map((answer) => otherThan(answer, 404, 'not_found')).find((fault) => fault !== undefined);
      return faulty ?? (new Set(bodies).size === 1 ? undefined : bodies.join(' | '));
    });
    expect(wrong).toEqual([]);
  });

  it('pages its lists as all lists are: limits, cursors, Link', async () => {
    const path = '/v1/sandbox/messages';
    for (const query of ['limit=0', 'limit=101', 'limit=abc', 'after=a&before=b'])
      expect(await call({ method: 'GET', path }, {}, message, query)).toMatchObject({
        status: 422,
        code: 'validation_failed',
      });
    const { body, headers } = await api.get<ListView<unknown>>(`${path}?limit=1&to=ada@example.com`);
    expect(headers.get('link')).toContain('rel="next"');
    for (const query of [`after=${body.nextCursor}`, `to=x@example.com&after=${body.nextCursor}`, 'before=nonsense'])
      expect(await call({ method: 'GET', path }, {}, message, query)).toMatchObject({
        status: 422,
        code: 'bad_cursor',
      });
  });
});
