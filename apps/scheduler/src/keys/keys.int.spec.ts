import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListView } from '#http';
import { type Database, ensureKey, ensureTenant, redeemTicket } from '#storage';
import { Api, eventually, freePorts, openFree, testDatabase } from '#testing';
import { problemOf } from '../testing/problem-of.js';
import { type RunningScheduler, runScheduler } from '../testing/running-scheduler.js';
import type { KeyView } from './key.view.js';

type NewKey = KeyView & { readonly secret: string };

const secretOf = (mode: 'live' | 'test', letter: string) => `mt_${mode}_${letter.repeat(43)}`;
const ADMIN = secretOf('live', 'a');
const OTHER = secretOf('live', 'b');
const READER = secretOf('test', 'c');

let scheduler: RunningScheduler;
let db: Database;

beforeAll(async () => {
  const [database, [port = 0]] = await Promise.all([testDatabase(), freePorts(1)]);
  db = openFree(database.url, 1);
  const acme = await ensureTenant(db, 'acme');
  const other = await ensureTenant(db, 'other');
  await ensureKey(db, { secret: ADMIN, tenantId: acme, name: 'admin', scopes: ['admin'] });
  await ensureKey(db, { secret: READER, tenantId: acme, name: 'reader', scopes: ['emails:read'] });
  await ensureKey(db, { secret: OTHER, tenantId: other, name: 'other', scopes: ['admin'] });
  scheduler = await runScheduler(database.url, port, { AUTH_MODE: 'keys', API_RATE: '50' });
}, 60_000);

afterAll(async () => {
  await scheduler.stop();
  await db.stop();
});

const as = (secret: string) => {
  const authorization = { authorization: `Bearer ${secret}` };
  return (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    new Api(scheduler.url).call(method, path, body, { ...authorization, ...headers });
};
const admin = as(ADMIN);
const WISH = { name: 'shop', mode: 'live', scopes: ['emails:write'] };

const make = async (wish: object = {}): Promise<NewKey> =>
  (await admin('POST', '/v1/keys', { ...WISH, ...wish })).body as NewKey;

describe('GET /v1/me', () => {
  it('tells any key who it is', async () => {
    const { status, body } = await as(READER)('GET', '/v1/me');
    expect([status, body]).toEqual([
      200,
      {
        tenant: 'acme',
        mode: 'test',
        keyId: expect.stringMatching(/^key_/),
        scopes: ['emails:read'],
        authMode: 'keys',
      },
    ]);
  });
});

describe('a new key', () => {
  it('is shown once, with its secret, and works at once', async () => {
    const { status, body, headers } = await admin('POST', '/v1/keys', WISH);
    const { secret, ...key } = body as NewKey;
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/keys/${key.id}`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(secret).toMatch(/^mt_live_[0-9A-Za-z]{43}$/);
    expect(key.hint).toBe(`mt_live_…${secret.slice(-4)}`);
    expect((await as(secret)('GET', '/v1/me')).body).toMatchObject({ keyId: key.id, scopes: ['emails:write'] });
    expect(JSON.stringify((await admin('GET', '/v1/keys')).body)).not.toContain(secret);
  });

  it('is made once per Idempotency-Key, and its secret is never stored', async () => {
    const again = { 'idempotency-key': 'once' };
    const first = await admin('POST', '/v1/keys', WISH, again);
    expect(first.status).toBe(201);
    expect(problemOf(await admin('POST', '/v1/keys', WISH, again))).toMatchObject({
      status: 409,
      code: 'already_exists',
    });
    expect(problemOf(await admin('POST', '/v1/keys', { ...WISH, name: 'else' }, again))).toMatchObject({
      code: 'idempotency_key_reused',
    });
    const text = `select string_agg(k::text, ' ') as all from idempotency_keys k`;
    const { rows } = await db.query<{ all: string }>({ name: 'stored-answers', text, values: [] });
    expect(rows[0]?.all).not.toContain((first.body as NewKey).secret);
  });

  it.each([
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['everything'] }, '/scopes/0'],
    [{ mode: 'both' }, '/mode'],
    [{ name: 'a\nb' }, '/name'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ tenant: 'other' }, '/tenant'],
  ])('%j is refused', async (wish, pointer) => {
    const answer = await admin('POST', '/v1/keys', { ...WISH, ...wish });
    expect(problemOf(answer)).toMatchObject({ code: 'validation_failed', errors: [expect.stringContaining(pointer)] });
  });

  it('of live mail is not made by a test key, so that who finds one reaches nobody', async () => {
    const { secret } = await make({ mode: 'test', scopes: ['admin'] });
    expect(problemOf(await as(secret)('POST', '/v1/keys', WISH))).toMatchObject({
      status: 403,
      code: 'live_key_required',
    });
    expect((await as(secret)('POST', '/v1/keys', { ...WISH, mode: 'test' })).status).toBe(201);
  });

  it('needs the scope admin', async () => {
    expect(problemOf(await as(READER)('POST', '/v1/keys', WISH))).toMatchObject({ code: 'scope_missing' });
  });
});

describe('the list of keys', () => {
  it('goes through all of a tenant’s, newest first, in both directions', async () => {
    const made = [
      await make({ name: 'one' }),
      await make({ name: 'two', mode: 'test' }),
      await make({ name: 'three' }),
    ];
    const first = (await admin('GET', '/v1/keys?limit=2')).body as ListView<KeyView>;
    expect(first.data.map(({ name }) => name)).toEqual(['three', 'two']);
    const second = (await admin('GET', `/v1/keys?limit=2&after=${first.nextCursor}`)).body as ListView<KeyView>;
    expect(second.data[0]?.id).toBe(made[0]?.id);
    const back = (await admin('GET', `/v1/keys?limit=2&before=${second.prevCursor}`)).body as ListView<KeyView>;
    expect(back.data).toEqual(first.data);
  });

  it('knows a forged cursor', async () => {
    const forged = Buffer.from(JSON.stringify(['abcdefgh', 'key_01m8rf20g6ekd9jbb81k6sxq3w'])).toString('base64url');
    expect(problemOf(await admin('GET', `/v1/keys?after=${forged}`))).toMatchObject({
      status: 422,
      code: 'bad_cursor',
    });
  });

  it('shows when a key was used, and nothing of other tenants', async () => {
    await as(READER)('GET', '/v1/me');
    await eventually(async () => {
      const { data } = (await admin('GET', '/v1/keys?limit=100')).body as ListView<KeyView>;
      expect(data.find(({ name }) => name === 'reader')?.lastUsedAt).toEqual(expect.stringMatching(/Z$/));
      expect(data.find(({ name }) => name === 'other')).toBeUndefined();
    }, 5_000);
  });
});

describe('a key that was deleted', () => {
  it('is dead within 5 s, and gone from the list', async () => {
    const { id, secret } = await make({ name: 'leaked' });
    expect((await as(secret)('GET', '/v1/me')).status).toBe(200);
    expect((await admin('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    await eventually(async () => expect((await as(secret)('GET', '/v1/me')).status).toBe(401), 5_000);
    expect(JSON.stringify((await admin('GET', '/v1/keys?limit=100')).body)).not.toContain(id);
    expect((await admin('DELETE', `/v1/keys/${id}`)).status).toBe(404);
  });

  it('was not another tenant’s', async () => {
    const { id, secret } = await make({ name: 'mine' });
    expect(problemOf(await as(OTHER)('DELETE', `/v1/keys/${id}`))).toMatchObject({ code: 'not_found' });
    expect((await as(secret)('GET', '/v1/me')).status).toBe(200);
  });
});

describe('a key that expires', () => {
  it('is good until then, and not longer', async () => {
    const { id, secret } = await make({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await as(secret)('GET', '/v1/me')).status).toBe(200);
    const text = `update api_keys set expires_at = clock_now() where hint = $1`;
    await db.query({ name: 'expire', text, values: [`mt_live_…${secret.slice(-4)}`] });
    await eventually(async () => expect((await as(secret)('GET', '/v1/me')).status).toBe(401), 5_000);
    expect(id).toMatch(/^key_/);
  });
});

describe('a ticket', () => {
  it('stands for its key, once', async () => {
    const { status, body } = await as(READER)('POST', '/v1/realtime/tickets', { topics: ['owner:7', 'tenant'] });
    expect(status).toBe(201);
    const { ticket, expiresAt } = body as { ticket: string; expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(61_000);
    expect(await redeemTicket(db, ticket)).toMatchObject({
      mode: 'test',
      scopes: ['emails:read'],
      topics: ['owner:7', 'tenant'],
    });
    expect(await redeemTicket(db, ticket)).toBeUndefined();
  });

  it.each([[[]], [['nonsense']], [Array.from({ length: 51 }, () => 'tenant')]])('is not for %j', async (topics) => {
    const answer = await as(READER)('POST', '/v1/realtime/tickets', { topics });
    expect(problemOf(answer)).toMatchObject({ status: 422, code: 'validation_failed' });
  });
});

describe('a key that calls too fast', () => {
  it('is told how fast it may be, and then to wait', async () => {
    const { secret } = await make({ name: 'fast' });
    const first = await as(secret)('GET', '/v1/me');
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=50;w=1');
    expect(first.headers.get('ratelimit')).toBe('"key";r=49;t=1');
    const refused = await refusedOne(() => as(secret)('GET', '/v1/me'));
    expect(refused && problemOf(refused)).toMatchObject({ code: 'rate_limited' });
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect((await admin('GET', '/v1/me')).status).toBe(200);
  });
});

/** Calls in waves until one is refused: however slow the machine is, it is faster than the limit in the end. */
async function refusedOne<A extends { readonly status: number }>(call: () => Promise<A>): Promise<A | undefined> {
  for (let wave = 0; wave < 20; wave += 1) {
    const answers = await Promise.all(Array.from({ length: 150 }, call));
    const refused = answers.find(({ status }) => status === 429);
    if (refused) return refused;
  }
  return undefined;
}
