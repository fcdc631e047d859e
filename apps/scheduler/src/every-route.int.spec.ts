import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '#domain';
import type { ListView } from '#http';
import {
  Api,
  type ApiAnswer,
  bodiesOf,
  CsvBody,
  type Description,
  freePorts,
  isOwn,
  requestWith,
  type Route,
  routesOf,
  testDatabase,
} from '#testing';
import { problemOf } from './testing/problem-of.js';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';
import { strangers } from './testing/strangers.js';
import { Subjects } from './testing/subjects.js';
import { WorkDeliveries } from './testing/work-deliveries.js';

/** The manners that all calls share (interface 2), on every route that the API describes: a new one is found here by itself. */

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const NOBODY = '01m8rf20g6ekd9jbb81k6sxq3w';
const ORIGIN = 'http://localhost:3000';

let scheduler: RunningScheduler;
let keyed: RunningScheduler;
let work: WorkDeliveries;
let api: Api;
let others: readonly Api[];
let subjects: Subjects;
let calls: readonly Call[];

/** A route with a good body, if it takes one. */
interface Call {
  readonly route: Route;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

beforeAll(async () => {
  const [database, [port = 0, keyedPort = 0]] = await Promise.all([testDatabase(), freePorts(2)]);
  const env = { CORS_ORIGINS: ORIGIN, API_RATE: '100000' };
  scheduler = await runScheduler(database.url, port, env);
  keyed = await runScheduler(database.url, keyedPort, { ...env, AUTH_MODE: 'keys' });
  api = new Api(scheduler.url);
  others = (await strangers(database.url)).map((headers) => new Api(scheduler.url, headers));
  work = WorkDeliveries.on(database.url);
  subjects = new Subjects(api, work);
  calls = (await Promise.all(['/openapi.json', '/openapi.compat.json'].map(callsOf))).flat();
  for (let i = 0; i < 3; i += 1) await subjects.of('GET', '/v1/jobs/{id}');
}, 60_000);
afterAll(async () => {
  await Promise.all([scheduler.stop(), keyed.stop()]);
  await work.stop();
});

async function callsOf(document: string): Promise<Call[]> {
  const { body } = await api.get<Description>(document);
  const schemas = body.components?.schemas ?? {};
  return routesOf(body)
    .filter(isOwn)
    .map((route) => ({ route, method: route.method, path: route.path, body: bodiesOf(route, schemas)[0] }));
}

const hasId = ({ path }: Call): boolean => path.includes('{');
/** The name that callers give to a user: of one who is not known there is nothing, and that is no 404. */
const hasUser = ({ path }: Call): boolean => path.includes('{userId}');
/** Changes by a body of JSON, which is read before it is looked at. */
const takesJson = ({ method, body }: Call): boolean => method !== 'GET' && !(body instanceof CsvBody);
const isOfToday = ({ path }: Call): boolean => path.startsWith('/v1/');
const named = (path: string, id: string): string => path.replace(/\{\w+\}/, encodeURIComponent(id));
/** The path with something that is there. */
const there = async ({ method, path }: Call): Promise<string> =>
  path.includes('{') ? named(path, await subjects.of(method, path)) : path;
const withBody = ({ body }: Call): RequestInit => requestWith(body);
const parameters = ({ route }: Call, place: string): string[] =>
  (route.operation.parameters ?? []).filter((one) => one.in === place).map(({ name }) => name);

/** What is wrong with which call; a test fails with all of them at once. */
async function faults(some: readonly Call[], check: (call: Call) => Promise<string | undefined>): Promise<string[]> {
  const wrong: string[] = [];
  for (const call of some) {
    const fault = await check(call).catch((error: unknown) => String(error));
    if (fault !== undefined) wrong.push(`${call.method} ${call.path}: ${fault}`);
  }
  return wrong;
}

/** undefined: the answer is the problem that it should be. */
function otherThan(answer: ApiAnswer<unknown>, status: number, code: string, error?: string): string | undefined {
  if (answer.status < 400) return `${answer.status} ${answer.text}`;
  const problem = problemOf(answer);
  const isIt =
    problem.status === status && problem.code === code && (error === undefined || problem.errors.includes(error));
  return isIt ? undefined : `${problem.status} ${problem.code} ${problem.errors.join()}`;
}

describe('every answer', () => {
  it('is one that is described, bears the id of its request, may not be stored, and says what is left', async () => {
    const wrong = await faults(calls, async (call) => {
      const init = withBody(call);
      const headers = { ...(init.headers as object), 'x-request-id': 'my-own_ID-1', origin: ORIGIN };
      const paths = hasId(call) ? [await there(call), named(call.path, 'nobody')] : [call.path];
      for (const path of paths) {
        const { status, headers: got, text } = await api.raw(call.method, path, { ...init, headers });
        if (!(String(status) in (call.route.operation.responses ?? {}))) return `${status} is not described: ${text}`;
        if (status >= 300 && path !== paths[1] && status !== 409) return `${status} ${text}`;
        if (got.get('x-request-id') !== 'my-own_ID-1') return `request id ${got.get('x-request-id')}`;
        if (got.get('cache-control') !== 'no-store') return `cache-control ${got.get('cache-control')}`;
        if (!/^"key";r=\d+;t=\d+$/.test(got.get('ratelimit') ?? '')) return `ratelimit ${got.get('ratelimit')}`;
        if (got.get('ratelimit-policy') !== '"key";q=100000;w=1') return `policy ${got.get('ratelimit-policy')}`;
        const exposed = (got.get('access-control-expose-headers') ?? '').split(/, */);
        const hidden = EXPOSED.filter((name) => !exposed.includes(name));
        if (hidden.length > 0) return `${hidden.join()} cannot be read by a page`;
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  const EXPOSED = ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after', 'location', 'etag', 'link'];

  it('to a page that asks first allows the methods that there are', async () => {
    const wrong = await faults(calls, async ({ method, path }) => {
      const headers = { origin: ORIGIN, 'access-control-request-method': method };
      const answer = await api.raw('OPTIONS', named(path, 'nobody'), { headers });
      const allowed = (answer.headers.get('access-control-allow-methods') ?? '').split(/, */);
      return answer.status === 204 && allowed.includes(method) ? undefined : `${answer.status} ${allowed.join()}`;
    });
    expect(wrong).toEqual([]);
  });
});

describe('every path', () => {
  it('answers HEAD as GET, without the body', async () => {
    const gets = calls.filter(({ method }) => method === 'GET');
    const wrong = await faults(gets, async (call) => {
      const path = await there(call);
      const [head, get] = [await api.raw('HEAD', path, {}), await api.get(path)];
      const isSame = ['content-type', 'etag', 'link'].every((name) => head.headers.get(name) === get.headers.get(name));
      return head.status === get.status && head.text === '' && isSame ? undefined : `${head.status}, not ${get.status}`;
    });
    expect(wrong).toEqual([]);
  });

  it('answers another method with 405 and those that it takes', async () => {
    const paths = [...new Set(calls.map(({ path }) => path))];
    const wrong: string[] = [];
    for (const path of paths) {
      const alike = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
      const taken = new Set(
        calls
          .filter((one) => alike.test(one.path) || new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
          .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
      );
      for (const method of METHODS.filter((one) => !taken.has(one))) {
        const answer = await api.raw(method, named(path, 'nobody'), {});
        const fault = otherThan(answer, 405, 'method_not_allowed');
        const allow = answer.headers.get('allow') ?? '';
        const missing = calls.filter((one) => one.path === path && !allow.split(', ').includes(one.method));
        if (fault ?? missing.length > 0) wrong.push(`${method} ${path}: ${fault ?? allow}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is there under its own name only: not in capitals, with slashes twice, encoded or at the end', async () => {
    const wrong = await faults(calls, async (call) => {
      const path = named(call.path, 'nobody');
      const tricks = [
        path.toUpperCase(),
        `/${path}`,
        path.replace(/(.)\//, '$1//'),
        path.replace(/(.)\//, '$1%2F'),
        `${path}/`,
        ...(hasUser(call) ? [] : [`${path}%00`]),
        `/x/..%2f${path}`,
      ].filter((trick) => trick !== path);
      for (const trick of tricks) {
        for (const one of [api, new Api(keyed.url)]) {
          const { status } = await one.raw(call.method, trick, withBody(call));
          const isOther = /^\/(v1\/)?emails$/.test(path) || path.split('/').length > 3; // an id that is none
          if (![401, 404, 405].includes(status) && !(isOther && status === 400)) return `${trick} is ${status}`;
        }
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it('asks for a key where keys are asked for, before anything else', async () => {
    const stranger = new Api(keyed.url);
    const wrong = await faults(calls, async (call) => {
      for (const init of [withBody(call), {}]) {
        const answer = await stranger.raw(call.method, `${named(call.path, 'nobody')}?nothing=1`, init);
        const fault = otherThan(answer, 401, 'unauthorized');
        if (fault ?? answer.headers.get('www-authenticate') !== 'Bearer') return String(fault);
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  });
});

describe('what a call does not know', () => {
  it('is refused: a parameter (aliases ignore it)', async () => {
    const wrong = await faults(calls, async (call) => {
      const path = `${await there(call)}?nothing=1`;
      const answer = await api.raw(call.method, path, withBody(call));
      if (isOfToday(call)) return otherThan(answer, 422, 'validation_failed', '?nothing unknown_field');
      return answer.status < 300 ? undefined : `${answer.status} ${answer.text}`;
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it.each(['nothing', '__proto__', 'constructor'])(
    'is refused: the field %s (aliases ignore it)',
    async (name) => {
      const wrong = await faults(calls.filter(takesJson), async (call) => {
        const text = JSON.stringify(call.body ?? {});
        const body = `${text.slice(0, -1)}${text === '{}' ? '' : ','}"${name}":{"a":1}}`;
        const headers = { 'content-type': 'application/json' };
        const answer = await api.raw(call.method, await there(call), { body, headers });
        if (isOfToday(call)) return otherThan(answer, 422, 'validation_failed', `/${name} unknown_field`);
        return answer.status < 500 && answer.status !== 422 ? undefined : `${answer.status} ${answer.text}`;
      });
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it('is refused: another type of answer', async () => {
    const wrong = await faults(calls, async (call) => {
      const { headers, ...init } = withBody(call);
      const accepting = { ...init, headers: { ...(headers as object), accept: 'text/html' } };
      return otherThan(await api.raw(call.method, named(call.path, 'nobody'), accepting), 406, 'not_acceptable');
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/json; charset=latin1',
    'application/json; charset="utf-16"',
    'multipart/form-data; boundary=x',
  ])('is refused: a body as %s', async (type) => {
    const wrong = await faults(
      calls.filter(({ method }) => method !== 'GET'),
      async (call) => {
        const init = { body: '{"a":1}', headers: { 'content-type': type } };
        const answer = await api.raw(call.method, named(call.path, 'nobody'), init);
        return otherThan(answer, 415, 'unsupported_media_type');
      },
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['no JSON', '{"to":'],
    ['a field twice', '{"to":1,"to":2}'],
    ['33 levels', `{"to":${'['.repeat(32)}${']'.repeat(32)}}`],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('is refused: a body with %s', async (_what, body) => {
    const wrong = await faults(calls.filter(takesJson), async (call) => {
      const init = { body, headers: { 'content-type': 'application/json; charset=UTF-8' } };
      return otherThan(await api.raw(call.method, named(call.path, 'nobody'), init), 400, 'bad_json');
    });
    expect(wrong).toEqual([]);
  });

  it('is refused: a body that is too large, told by its length alone', async () => {
    const MIB = 1_048_576;
    const limits: Readonly<Record<string, number>> = {
      '/v1/emails': 25,
      '/v1/emails/{id}': 25,
      '/v1/emails/plan': 25,
      '/v1/emails/batch': 10,
      '/v1/campaigns': 10,
      '/v1/campaigns/plan': 10,
    };
    const wrong = await faults(calls.filter(takesJson), async (call) => {
      const bytes = (limits[call.path] ?? 1) * MIB + 1;
      const init = { body: Buffer.alloc(bytes, ' '), headers: { 'content-type': 'application/json' } };
      return otherThan(await api.raw(call.method, named(call.path, 'nobody'), init), 413, 'too_large');
    });
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('an id that is not there for this caller', () => {
  it('is one same 404: unknown, of another kind, in capitals, of another tenant or mode', async () => {
    const wrong = await faults(
      calls.filter((call) => hasId(call) && !hasUser(call)),
      async (call) => {
        const mine = await subjects.of(call.method, call.path);
        const prefix = mine.slice(0, mine.indexOf('_'));
        const other = prefix === 'em' ? 'dl' : 'em';
        const ids = [
          `${prefix}_${NOBODY}`,
          `${other}_${mine.slice(prefix.length + 1)}`,
          mine.toUpperCase(),
          'x',
          '%00',
        ];
        const answers = [
          ...(await Promise.all(ids.map((id) => api.raw(call.method, named(call.path, id), withBody(call))))),
          // Keys are of a tenant, not of a mode.
          ...(await Promise.all(
            (prefix === 'key' ? others.slice(1) : others).map((one) =>
              one.raw(call.method, named(call.path, mine), withBody(call)),
            ),
          )),
        ];
        const bodies = answers.map((answer) => {
          const { instance: _instance, requestId: _requestId, ...rest } = answer.body as Record<string, unknown>;
          return JSON.stringify(rest);
        });
        const faulty = answers
          .map((answer) => otherThan(answer, 404, 'not_found'))
          .find((fault) => fault !== undefined);
        return faulty ?? (new Set(bodies).size === 1 ? undefined : [...new Set(bodies)].join(' | '));
      },
    );
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('every list', () => {
  const lists = () => calls.filter((call) => parameters(call, 'query').includes('after'));

  it('refuses a limit beyond 1 to 100, and one that is no number', async () => {
    const wrong = await faults(lists(), async (call) => {
      const path = await there(call);
      for (const limit of ['0', '101', '-1', 'abc', '1.5', '1e1', '', '%00']) {
        const fault = otherThan(await api.get(`${path}?limit=${limit}`), 422, 'validation_failed');
        if (fault !== undefined) return `limit=${limit}: ${fault}`;
      }
      const { body } = await api.get<ListView<unknown>>(`${path}?limit=100`);
      return Object.keys(body).slice(0, 5).join() === 'object,data,hasMore,nextCursor,prevCursor'
        ? undefined
        : JSON.stringify(body);
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it('refuses a cursor that is none, and two at once', async () => {
    const wrong = await faults(lists(), async (call) => {
      const path = await there(call);
      for (const name of ['after', 'before'].filter((one) => parameters(call, 'query').includes(one))) {
        const fault = otherThan(await api.get(`${path}?${name}=${'A'.repeat(40)}`), 422, 'bad_cursor');
        if (fault !== undefined) return `${name}: ${fault}`;
      }
      if (!parameters(call, 'query').includes('before')) return undefined;
      return otherThan(await api.get(`${path}?after=a&before=b`), 422, 'validation_failed', '?before conflict');
    });
    expect(wrong).toEqual([]);
  });

  it('says in Link where to read on; its cursor opens no other list', async () => {
    await subjects.of('GET', '/v1/keys/{id}'); // so that there are two of each
    for (const path of ['/v1/suppressions/{id}', '/v1/keys/{id}', '/v1/dead-letters/{id}'])
      for (const method of ['GET', 'POST']) await subjects.of(method, path);
    const wrong = await faults(lists(), async (call) => {
      const path = await there(call);
      const page = await api.get<ListView<unknown>>(`${path}?limit=1`);
      const { nextCursor } = page.body;
      if (nextCursor === null) return hasId(call) ? undefined : 'has one thing only, so nothing was tested';
      if (!(page.headers.get('link') ?? '').includes('rel="next"')) return 'no Link';
      const link = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
      const next = await api.get<ListView<unknown>>(link);
      if (next.status !== 200 || next.body.data.length === 0) return `${link}: ${next.status}`;
      const filter = ['kind', 'ownerId', 'emailId'].find((one) => parameters(call, 'query').includes(one));
      const values: Readonly<Record<string, string>> = {
        kind: path === '/v1/dead-letters' ? 'record' : 'campaign',
        ownerId: 'x',
        emailId: `em_${NOBODY}`,
      };
      if (filter === undefined) return undefined;
      return otherThan(await api.get(`${path}?${filter}=${values[filter]}&after=${nextCursor}`), 422, 'bad_cursor');
    });
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe('If-Match', () => {
  const changes = () =>
    calls.filter((call) => ['PATCH', 'PUT', 'DELETE'].includes(call.method) || (call.method === 'POST' && hasId(call)));

  it('is described and honoured wherever something is changed: stale is 412 with what is there now', async () => {
    const wrong = await faults(changes(), async (call) => {
      if (!parameters(call, 'header').includes('If-Match')) return 'is not described';
      const { headers, ...init } = withBody(call);
      // A PUT makes what is not there yet: here it is to change something.
      const path = call.method === 'PUT' ? await there({ ...call, method: 'GET' }) : await there(call);
      const send = (tag: string) =>
        api.raw<{ current: object | null }>(call.method, path, {
          ...init,
          headers: { ...(headers as object), 'if-match': tag },
        });
      const malformed = otherThan(await send('7'), 400, 'bad_request');
      if (malformed !== undefined) return `malformed: ${malformed}`;
      const stale = await send('"999999"');
      const fault = otherThan(stale, 412, 'version_mismatch');
      if (fault !== undefined) return `stale: ${fault}`;
      if (stale.body.current === null) return 'says nothing of what is there now';
      const resource = /^\/(v1\/)?[\w-]+\/[^/]+/.exec(path.replace(/^\/emails/, '/v1/emails'))?.[0] ?? path;
      const seen = call.path === '/v1/keys/{id}' ? '"1"' : (await api.get(resource)).headers.get('etag'); // keys are only listed
      if (seen === null) return `${resource} has no ETag`;
      const { status, text } = await send(seen);
      return status < 300 ? undefined : `${seen}: ${status} ${text}`;
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it('has an ETag to compare with, wherever one thing with a version is read', async () => {
    const gets = calls.filter((call) => call.method === 'GET' && isOfToday(call));
    const wrong = await faults(gets, async (call) => {
      const { headers, body } = await api.get<{ version?: number } | undefined>(await there(call));
      const expected = body?.version === undefined ? null : `"${body.version}"`;
      const shown = headers.get('etag');
      return expected === null || shown === expected ? undefined : `ETag ${shown} of version ${body?.version}`;
    });
    expect(wrong).toEqual([]);
  });
});

describe('a URL', () => {
  it('of more than 8 KiB is refused on every path', async () => {
    const wrong = await faults(calls, async (call) => {
      const answer = await api.raw(call.method, `${named(call.path, 'nobody')}?x=${'x'.repeat(8_192)}`, {});
      return otherThan(answer, 414, 'uri_too_long');
    });
    expect(wrong).toEqual([]);
  });
});

describe('a trace', () => {
  it('goes on in the events that a request causes', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const wish = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt: '2099-01-05T09:00:00Z' };
    const { body } = await api.call<{ id: string }>('POST', '/v1/emails', wish, { traceparent });
    await api.call('POST', `/v1/emails/${body.id}/cancel`, undefined, { traceparent });
    const { rows } = await work.db.query<{ type: string; traceparent: string | null }>({
      name: '',
      text: 'select type, traceparent from outbox where email_id = $1',
      values: [parsePublicId('email', body.id)],
    });
    expect(rows.map(({ type }) => type)).toEqual(expect.arrayContaining(['email.created', 'email.cancelled']));
    expect(new Set(rows.map((row) => row.traceparent))).toEqual(new Set([traceparent]));
  });
});
