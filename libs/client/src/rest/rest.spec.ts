import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Call } from './call.js';
import { MailtideError } from './mailtide-error.js';
import { Rest } from './rest.js';

interface Scripted {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

const GET: Call = { method: 'GET', path: '/v1/things' };
const AT_ONCE = { 'retry-after': '0' };
const problem = (status: number, code: string, headers: Record<string, string> = AT_ONCE): Scripted => ({
  status,
  headers,
  body: JSON.stringify({ code, status, title: 'No', detail: 'not now', requestId: 'req_1', errors: [] }),
});
const FINE: Scripted = { status: 200, body: '{"is":"fine"}' };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that answers as it is told, one after another; 'hang up' is no answer at all. */
async function serve(...script: (Scripted | 'hang up')[]) {
  const asked: IncomingMessage[] = [];
  const made = createServer((request, response) => {
    asked.push(request);
    const answer = script[asked.length - 1] ?? FINE;
    if (answer === 'hang up') return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
  const rest = new Rest({ url, key: 'mt_test_x', fetch, tries: 3, timeoutMs: 5_000 });
  return { rest, asked, url };
}

const failure = (calling: Promise<unknown>): Promise<MailtideError> =>
  calling.then(
    () => Promise.reject(new Error('it worked')),
    (error: MailtideError) => error,
  );

describe('a call', () => {
  it('carries the key, its query with lists repeated, and only the headers that it needs', async () => {
    const { rest, asked } = await serve();
    const query = { status: ['sent', 'failed'], limit: 5, to: undefined };
    expect(await rest.call({ ...GET, query, ifVersion: 7 })).toEqual({ is: 'fine' });
    expect(asked[0]?.url).toBe('/v1/things?status=sent&status=failed&limit=5');
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer mt_test_x', 'if-match': '"7"' });
    expect(asked[0]?.headers).not.toHaveProperty('content-type');
    expect(asked[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('has no body where the answer has none', async () => {
    const { rest } = await serve({ status: 204 });
    expect(await rest.call({ method: 'DELETE', path: '/' })).toBeUndefined();
  });

  it('throws the problem that it is answered', async () => {
    const { rest, asked } = await serve({ ...problem(404, 'not_found'), headers: { 'x-request-id': 'req_2' } });
    expect(await failure(rest.call(GET))).toMatchObject({
      code: 'not_found',
      status: 404,
      message: 'not now',
      requestId: 'req_2',
      problem: { title: 'No' },
    });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['a success that is no JSON', { status: 200, body: '<html>' }],
    ['a failure that is no problem', { status: 404, body: '<html>' }],
  ])('says of %s that it is not Mailtide', async (_what, answer) => {
    const { rest } = await serve(answer);
    expect(await failure(rest.call(GET))).toMatchObject({ code: 'unexpected_answer', status: answer.status });
  });
});

describe('a call that fails', () => {
  const POST: Call = { method: 'POST', path: '/', body: {} };

  it.each<[string, Call]>([
    ['a GET', GET],
    ['a PUT', { method: 'PUT', path: '/' }],
    ['a DELETE', { method: 'DELETE', path: '/' }],
    ['a POST under a key', { ...POST, idempotencyKey: 'k1' }],
  ])('is repeated when it is %s', async (_what, call) => {
    const { rest, asked } = await serve(problem(503, 'unavailable'));
    await rest.call(call);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, Call]>([
    ['a POST without a key', POST],
    ['a PATCH', { method: 'PATCH', path: '/', body: {}, ifVersion: 1 }],
  ])('is not repeated when it is %s: it may have been done', async (_what, call) => {
    const { rest, asked } = await serve('hang up');
    expect(await failure(rest.call(call))).toMatchObject({ code: 'unreachable' });
    expect(asked).toHaveLength(1);
  });

  it('says the same key each time', async () => {
    const { rest, asked } = await serve('hang up', 'hang up');
    await rest.call({ ...POST, idempotencyKey: 'k1' });
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['k1', 'k1', 'k1']);
  });

  it.each([
    [408, 'request_timeout'],
    [429, 'rate_limited'],
    [503, 'draining'],
    [502, 'no problem of ours'],
    [409, 'idempotency_in_progress'],
  ])('is repeated after %d %s', async (status, code) => {
    const { rest, asked } = await serve(problem(status, code));
    await rest.call(GET);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [409, 'in_flight'],
    [422, 'validation_failed'],
    [401, 'unauthorized'],
    [500, 'internal'],
  ])('is not repeated after %d %s', async (status, code) => {
    const { rest, asked } = await serve(problem(status, code));
    expect(await failure(rest.call(GET))).toMatchObject({ code });
    expect(asked).toHaveLength(1);
  });

  it('is given up after so many tries, with the last answer', async () => {
    const busy = problem(503, 'unavailable');
    const { rest, asked } = await serve(busy, busy, problem(503, 'draining'));
    expect(await failure(rest.call(GET))).toMatchObject({ code: 'draining' });
    expect(asked).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    const { rest } = await serve(problem(429, 'rate_limited', { 'retry-after': '1' }));
    const began = performance.now();
    await rest.call(GET);
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it('is not kept waiting for minutes', async () => {
    const { rest, asked } = await serve(problem(429, 'rate_limited', { 'retry-after': '600' }));
    expect(await failure(rest.call(GET))).toMatchObject({ retryAfterSeconds: 600 });
    expect(asked).toHaveLength(1);
  });

  it('is done when a repeated DELETE finds nothing any more', async () => {
    const { rest } = await serve('hang up', problem(404, 'not_found'));
    expect(await rest.call({ method: 'DELETE', path: '/' })).toBeUndefined();
  });

  it('says who does not answer, and why', async () => {
    const { rest, url } = await serve();
    await new Promise((resolve) => server?.close(resolve));
    const call = rest.call({ method: 'PATCH', path: '/' });
    expect(await failure(call)).toMatchObject({ status: 0, message: `${url} does not answer (ECONNREFUSED).` });
  });

  it('ends when its signal does, also while it waits', async () => {
    const { rest, asked } = await serve(problem(503, 'unavailable', { 'retry-after': '20' }));
    const ending = new AbortController();
    const calling = failure(rest.call({ ...GET, signal: ending.signal }));
    setTimeout(() => ending.abort(new Error('enough')), 100);
    expect(await calling).toMatchObject({ message: 'enough' });
    expect(asked).toHaveLength(1);
  });
});

describe('an upload', () => {
  const csv = { contentType: 'text/csv', body: 'to\nada@example.com\n' };
  const keysIn = (asked: IncomingMessage[]) => asked.map(({ headers }) => headers['idempotency-key']);

  it.each([
    ['a text', csv.body],
    ['bytes', new TextEncoder().encode(csv.body)],
    ['a file', new Blob([csv.body])],
  ])('of %s is sent again under one key, which is made for it', async (_what, body) => {
    const { rest, asked } = await serve('hang up', problem(503, 'unavailable'));
    expect(await rest.upload('/', { ...csv, body })).toEqual({ is: 'fine' });
    const keys = keysIn(asked);
    expect([keys.length, new Set(keys).size, keys[0]]).toEqual([3, 1, expect.any(String)]);
  });

  it('is sent under the key that it was given', async () => {
    const { rest, asked } = await serve();
    await rest.upload('/', { ...csv, idempotencyKey: 'k1' });
    expect(keysIn(asked)).toEqual(['k1']);
  });

  it('of a stream is sent once: what was read of it is gone', async () => {
    const { rest, asked } = await serve(problem(503, 'unavailable'));
    const body = new Blob([csv.body]).stream();
    expect(await failure(rest.upload('/', { ...csv, body }))).toMatchObject({ code: 'unavailable' });
    expect(keysIn(asked)).toEqual([undefined]);
  });
});
