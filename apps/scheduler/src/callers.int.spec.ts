import { request } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmailView, ListView } from '#http';
import { type Database, ensureKey, ensureTenant } from '#storage';
import { Api, eventually, freePorts, openFree, testDatabase } from '#testing';
import { problemOf } from './testing/problem-of.js';
import { type RunningScheduler, runScheduler } from './testing/running-scheduler.js';

/** Who may call, what they see of each other, and what they are told when Postgres is away. */

const WISH = { to: 'ada@example.com', subject: 'Hi', text: 'It works', scheduledAt: '2027-01-05T09:00:00Z' };
const key = (mode: 'live' | 'test', letter: string) => `mt_${mode}_${letter.repeat(43)}`;
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

let keys: RunningScheduler;
let dev: RunningScheduler;
let gate: Gate;
let db: Database;

/** A way to Postgres that can be shut. */
class Gate {
  private readonly sockets = new Set<Socket>();
  private isShut = false;
  private constructor(private readonly server: Server) {}

  static async before(databaseUrl: string): Promise<{ gate: Gate; url: string }> {
    const url = new URL(databaseUrl);
    const target = { host: url.hostname, port: Number(url.port) };
    const server = createServer();
    const made = new Gate(server);
    server.on('connection', (socket) => made.pass(socket, connect(target)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    return { gate: made, url: url.href };
  }

  shut(): void {
    this.isShut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  open(): void {
    this.isShut = false;
  }

  stop(): void {
    this.shut();
    this.server.close();
  }

  private pass(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    if (this.isShut) near.destroy();
    else near.pipe(far).pipe(near);
  }
}

const from = (origin: string) => new Api(dev.url).call('GET', '/v1/emails', undefined, { origin });

function asHost(host: string): Promise<{ status: number | undefined; body: unknown }> {
  return new Promise((resolve, reject) => {
    const call = request(`${dev.url}/v1/emails`, { headers: { host } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(text) as unknown }));
    });
    call.on('error', reject).end();
  });
}

const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(dev.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer)).on('error', reject);
  });

beforeAll(async () => {
  const [database, [keysPort = 0, devPort = 0]] = await Promise.all([testDatabase(), freePorts(2)]);
  const way = await Gate.before(database.url);
  gate = way.gate;
  keys = await runScheduler(way.url, keysPort, { AUTH_MODE: 'keys', BOOTSTRAP_KEY: key('live', 'a') });
  dev = await runScheduler(database.url, devPort, { CORS_ORIGINS: 'https://app.example' });
  db = openFree(database.url, 1);
  const other = await ensureTenant(db, 'other');
  const first = await ensureTenant(db, 'default');
  const scopes = ['admin'];
  await ensureKey(db, { secret: key('live', 'b'), tenantId: other, name: 'other', scopes });
  await ensureKey(db, { secret: key('test', 'c'), tenantId: first, name: 'test', scopes });
  await ensureKey(db, { secret: key('live', 'd'), tenantId: first, name: 'revoked', scopes });
  await ensureKey(db, { secret: key('live', 'e'), tenantId: first, name: 'expired', scopes });
  await ensureKey(db, { secret: key('live', 'r'), tenantId: first, name: 'reader', scopes: ['emails:read'] });
  await ensureKey(db, { secret: key('live', 'w'), tenantId: first, name: 'writer', scopes: ['emails:write'] });
  await ensureKey(db, { secret: key('live', 'o'), tenantId: first, name: 'operator', scopes: ['ops'] });
  const kill =
    "update api_keys set revoked_at = case name when 'revoked' then now() end, expires_at = case name when 'expired' then now() end where name in ('revoked', 'expired')";
  await db.query({ name: 'kill', text: kill, values: [] });
});
afterAll(async () => {
  await Promise.all([keys.stop(), dev.stop()]);
  await db.stop();
  gate.stop();
});

describe('with keys', () => {
  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['an empty header', { authorization: '' }],
    ['another scheme', { authorization: `Basic ${key('live', 'a')}` }],
    ['no scheme', { authorization: key('live', 'a') }],
    ['two keys', { authorization: `Bearer ${key('live', 'a')} ${key('live', 'a')}` }],
    ['half a key', bearer('mt_live_a')],
    ['an unknown one', bearer(key('live', 'z'))],
    ['the other mode of a known one', bearer(key('test', 'a'))],
    ['a revoked one', bearer(key('live', 'd'))],
    ['an expired one', bearer(key('live', 'e'))],
    ['SQL', bearer("mt_live_' or true --")],
    ['one in capitals', bearer(key('live', 'a').toUpperCase())],
  ])('%s: the same 401 on every path', async (_what, headers) => {
    const api = new Api(keys.url, headers);
    const answers = await Promise.all([
      api.get('/v1/emails'),
      api.post('/v1/emails', {}),
      api.get('/emails'),
      api.post('/schedule', 5),
      api.get('/v1/deliveries/x'),
    ]);
    for (const answer of answers) {
      expect(problemOf(answer)).toEqual({ status: 401, code: 'unauthorized', errors: [] });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect((answer.body as { detail: string }).detail).toBe(
        'Send `Authorization: Bearer mt_live_…` or `mt_test_…` with a valid key.',
      );
    }
  });

  it.each<[string, string, number, number]>([
    ['reads', 'r', 200, 403],
    ['writes', 'w', 200, 202],
    ['does neither', 'o', 403, 403],
  ])('one whose scope %s does so and nothing else', async (_what, letter, read, written) => {
    const api = new Api(keys.url, bearer(key('live', letter)));
    const list = await api.get('/v1/emails');
    const created = await api.post('/v1/emails', WISH);
    expect([list.status, created.status]).toEqual([read, written]);
    for (const answer of [list, created].filter(({ status }) => status === 403)) {
      expect(problemOf(answer)).toMatchObject({ code: 'scope_missing' });
      expect((answer.body as { detail: string }).detail).toMatch(/scope emails:(read|write)\.$/);
    }
  });

  it('the first key of a new installation works', async () => {
    const api = new Api(keys.url, bearer(key('live', 'a')));
    expect(await api.post('/v1/emails', WISH)).toMatchObject({ status: 202, body: { mode: 'live' } });
  });

  it('two tenants, and the two modes of one, see nothing of each other', async () => {
    const [mine, ...others] = [key('live', 'a'), key('live', 'b'), key('test', 'c')].map(
      (secret) => new Api(keys.url, bearer(secret)),
    );
    if (!mine) throw new Error('no client');
    const { body: email } = await mine.post<EmailView>('/v1/emails', WISH);
    const page = await mine.get<ListView<EmailView>>('/v1/emails?limit=1');
    const delivery = email.deliveries[0]?.id ?? '';
    for (const api of others) {
      const answers = await Promise.all([
        api.get(`/v1/emails/${email.id}`),
        api.get(`/v1/emails/${email.id}/events`),
        api.get(`/v1/emails/${email.id}/deliveries`),
        api.get(`/v1/deliveries/${delivery}`),
        api.get(`/v1/deliveries/${delivery}/events`),
        api.call('PATCH', `/v1/emails/${email.id}`, { subject: 'mine' }),
        api.post(`/v1/emails/${email.id}/cancel`),
        api.call('DELETE', `/emails/${email.id}`),
      ]);
      const unknown = await api.get('/v1/emails/em_01m8rf20g6ekd9jbb81k6sxq3w');
      for (const answer of answers) expect(problemOf(answer)).toEqual(problemOf(unknown));
      expect((await api.get<ListView<EmailView>>('/v1/emails')).body.data).toEqual([]);
      expect((await api.get<ListView<EmailView>>('/emails')).body.data).toEqual([]);
      // A cursor that was seen elsewhere opens nothing.
      const { nextCursor } = page.body;
      const seen =
        nextCursor === null ? [] : (await api.get<ListView<EmailView>>(`/v1/emails?after=${nextCursor}`)).body.data;
      expect(seen).toEqual([]);
    }
    expect((await mine.get(`/v1/emails/${email.id}`)).body).toEqual(email);
  });
});

describe('without keys, on this machine', () => {
  it('a call without a key is the developer; a bad key is still 401', async () => {
    expect(await new Api(dev.url).post('/v1/emails', WISH)).toMatchObject({ status: 202, body: { mode: 'test' } });
    expect(problemOf(await new Api(dev.url, bearer('x')).get('/v1/emails'))).toMatchObject({ status: 401 });
  });

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST:3000'])('Host %s is served', async (host) => {
    expect((await asHost(host)).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '10.0.0.1', 'localhost:80@evil.example'])(
    'Host %s is 403: a page could reach us by a name of its own',
    async (host) => {
      expect(await asHost(host)).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } });
    },
  );

  it('only the listed origins may call from a browser', async () => {
    expect((await from('https://app.example')).headers.get('access-control-allow-origin')).toBe('https://app.example');
    for (const origin of ['https://evil.example', 'null', 'http://app.example', 'https://app.example.evil.example']) {
      const answer = await from(origin);
      expect(problemOf(answer)).toEqual({ status: 403, code: 'origin_not_allowed', errors: [] });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('what is hardly HTTP', () => {
  it.each([
    [
      'headers over 16 KiB',
      `GET /v1/emails HTTP/1.1\r\nHost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431',
      'headers_too_large',
    ],
    ['a broken request line', 'GET\r\n\r\n', '400', 'bad_request'],
    [
      'two lengths',
      'POST /schedule HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      '400',
      'bad_request',
    ],
  ])('%s: a problem, too', async (_what, text, status, code) => {
    const answer = await raw(text);
    expect(answer.split(' ')[1]).toBe(status);
    expect(answer).toContain('application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status: Number(status), code });
  });
});

describe('while Postgres is away', () => {
  it('every call is 503 with Retry-After, nothing dies, and all works again afterwards', async () => {
    const api = new Api(keys.url, bearer(key('live', 'a')));
    const calls = () =>
      Promise.all([
        api.post('/v1/emails', WISH),
        api.get('/v1/emails'),
        api.get('/v1/emails/em_01m8rf20g6ekd9jbb81k6sxq3w'),
        api.call('PATCH', '/v1/emails/em_01m8rf20g6ekd9jbb81k6sxq3w', { subject: 'x' }),
        api.post('/v1/emails/em_01m8rf20g6ekd9jbb81k6sxq3w/cancel'),
        api.post('/schedule', { recipients: 'a@x.test', subject: 'Hi', body: 'x', deliveryTime: WISH.scheduledAt }),
      ]);
    const before = calls(); // some are under way when the connections break
    gate.shut();
    for (const answer of [...(await before), ...(await calls()), ...(await calls())]) {
      if (answer.status < 500) continue;
      expect(problemOf(answer)).toEqual({ status: 503, code: 'unavailable', errors: [] });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await eventually(async () => expect((await api.get('/health/ready')).status).toBe(503), 5_000);
    expect((await api.get('/health/live')).status).toBe(200);

    gate.open();
    await eventually(async () => expect((await api.get('/health/ready')).status).toBe(200), 10_000);
    expect((await calls()).map(({ status }) => status)).toEqual([202, 200, 404, 404, 404, 201]);
  }, 60_000);
});
