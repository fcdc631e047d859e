import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import type { TenantId } from '#domain';
import { ensureKey, ensureTenant } from '#storage';
import { EventStream, eventually, freePorts, type Mailtide, openFree, Realtime, startMailtide } from '#testing';
import { type KafkaRecord, kafkaRecords } from './kafka-records.js';
import { type Description, GATEWAY_ROUTES, type Route, routesOf } from './routes.js';
import { World } from './world.js';

/** Two tenants side by side, and one of them in both modes: none sees, changes or hears of anything of the others. */

const secret = (mode: 'live' | 'test', letter: string) => `mt_${mode}_${letter.repeat(43)}`;

let mailtide: Mailtide;
let server: SMTPServer;
let routes: Route[];
let acme: World;
let acmeTest: World;
let zeta: World;
/** Who calls with whose ids. */
let pairs: readonly { readonly by: World; readonly of: World }[];
let tenantIds: Map<World, TenantId>;
const mails: { readonly to: string; readonly raw: string }[] = [];

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  server = await mailServer(port);
  mailtide = await startMailtide({
    env: { AUTH_MODE: 'keys', SMTP_URL: `smtp://127.0.0.1:${port}?tls=off`, LOG_LEVEL: 'debug' },
  });
  await makeWorlds();
  for (const world of [acme, acmeTest, zeta]) await world.plant();
  routes = [...(await describedRoutes()), ...GATEWAY_ROUTES];
}, 180_000);

afterAll(async () => {
  await mailtide.stop();
  await new Promise<void>((resolve) => server.close(resolve));
}, 60_000);

/** Takes all mail but that to addresses which bounce. */
async function mailServer(port: number): Promise<SMTPServer> {
  const made = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) =>
      address.startsWith('bounce-')
        ? done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }))
        : done(),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        mails.push({ to, raw: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve));
  return made;
}

async function makeWorlds(): Promise<void> {
  const db = openFree(mailtide.databaseUrl, 1);
  const world = async (tenant: string, mode: 'live' | 'test', letter: string): Promise<World> => {
    const tenantId = await ensureTenant(db, tenant);
    const key = secret(mode, letter);
    await ensureKey(db, { secret: key, tenantId, name: `${tenant} ${mode}`, scopes: ['admin'] });
    const made = new World(`${tenant}-${mode}`, key, mailtide.apiUrl, mailtide.gatewayUrl);
    tenantIds.set(made, tenantId);
    return made;
  };
  tenantIds = new Map();
  acme = await world('acme', 'live', 'a');
  acmeTest = await world('acme', 'test', 't');
  zeta = await world('zeta', 'live', 'z');
  pairs = [
    { by: zeta, of: acme },
    { by: acme, of: zeta },
    { by: zeta, of: acmeTest },
    { by: acmeTest, of: acme },
  ];
  await db.stop();
}

async function describedRoutes(): Promise<Route[]> {
  const documents = await Promise.all(
    ['/openapi.json', '/openapi.compat.json'].map((path) => mailtide.api.get<Description>(path)),
  );
  return documents.flatMap(({ body }) => routesOf(body));
}

/** Keys are a tenant's, whatever the mode. */
const idsOf = ({ by, of }: (typeof pairs)[number]): string[] =>
  tenantIds.get(by) === tenantIds.get(of) ? of.ids.filter((id) => !id.startsWith('key_')) : of.ids;

const wordsOf = (world: World): string[] => Object.values(world.canaries);

describe('the ids of another', () => {
  it('are known: something was found of every kind that there is now', () => {
    const kinds = acme.ids.map((id) => id.replace(/_.*/, '')).toSorted();
    expect(kinds).toEqual(expect.arrayContaining(['cmp', 'dl', 'em', 'job', 'sup']));
    expect(acmeTest.ids.some((id) => id.startsWith('msg_'))).toBe(true);
  });

  it('are unknown to every route that takes one, and nothing happens to them', async () => {
    const before = await statesOf([acme, acmeTest, zeta]);
    const withIds = routes.filter(({ path }) => path.includes('{') && !path.includes('{userId}'));
    expect(withIds.length).toBeGreaterThan(10);
    const wrong: string[] = [];
    for (const pair of pairs) {
      const texts = [...idsOf(pair), pair.of.canaries.address, `blocked-${pair.of.canaries.address}`];
      for (const { method, path, body } of withIds) {
        const calls = texts.map(async (text) => {
          const url = path.replaceAll(/\{\w+\}/g, encodeURIComponent(text));
          const answer = await pair.by.call<{ code?: string }>(method, url, body, { 'if-match': '"1"' });
          const isRefused = answer.status === 404 && answer.body.code === 'not_found';
          const isOtherMode = answer.status === 403 && answer.body.code === 'test_key_required';
          if (!isRefused && !isOtherMode)
            wrong.push(`${pair.by.name}: ${method} ${url}: ${answer.status} ${answer.text}`);
        });
        await Promise.all(calls);
      }
    }
    expect(wrong).toEqual([]);
    expect(await statesOf([acme, acmeTest, zeta])).toEqual(before);
  }, 120_000);

  it('find nothing in any list', async () => {
    const lists = routes.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
    for (const pair of pairs) {
      for (const { path, query } of lists) {
        const foreign = foreignValues(pair.of);
        const filters = query.filter((name) => name in foreign).map((name) => [name, foreign[name] ?? ''] as const);
        for (const filter of [undefined, ...filters]) {
          const url = filter ? `${path}?${new URLSearchParams([[...filter]]).toString()}` : path;
          const { text } = await pair.by.call('GET', url);
          const found = idsOf(pair).filter((id) => text.includes(id) && !url.includes(id));
          expect([url, found]).toEqual([url, []]);
          if (filter)
            expect([url, JSON.parse(text)]).toEqual([url, expect.not.objectContaining({ data: [expect.anything()] })]);
        }
      }
    }
  }, 60_000);

  it('own nothing: the jobs of a user are those of this tenant', async () => {
    const ofUsers = routes.filter(({ path }) => path.includes('{userId}'));
    expect(ofUsers).toHaveLength(2);
    for (const { by, of } of pairs) {
      for (const { method, path } of ofUsers) {
        const { text } = await by.call(method, path.replace('{userId}', encodeURIComponent(of.canaries.owner)));
        expect(text).toBe('[]');
      }
    }
  });

  it('match nothing in a bulk action', async () => {
    for (const { by, of } of pairs) {
      const filter = { ownerId: of.canaries.owner };
      const { body } = await by.call<{ matched: number }>('POST', '/v1/emails/bulk', {
        action: 'cancel',
        filter,
        dryRun: true,
      });
      expect(body.matched).toBe(0);
    }
  });
});

/** What a filter of this name would have to be to find something of the world. */
function foreignValues({ ids, canaries }: World): Readonly<Record<string, string>> {
  const id = (prefix: string) => ids.find((text) => text.startsWith(`${prefix}_`)) ?? '';
  return {
    ownerId: canaries.owner,
    to: canaries.address,
    address: canaries.address,
    tag: `word:${canaries.tag}`,
    emailId: id('em'),
    deliveryId: id('dl'),
    jobId: id('job'),
  };
}

/** All that a world can see of itself, without what only time changes. */
async function statesOf(worlds: readonly World[]): Promise<string[]> {
  const texts = worlds.map(async (world) => {
    const answers = ['/v1/emails?limit=100', '/v1/suppressions?limit=100', '/v1/keys?limit=100'].map(
      async (path) => (await world.call('GET', path)).text,
    );
    return (await Promise.all(answers)).join('\n').replaceAll(/"lastUsedAt":[^,}]*/g, '');
  });
  return Promise.all(texts);
}

describe('an Idempotency-Key', () => {
  it('is a tenant’s own: the same request of another is another email', async () => {
    const body = { to: 'ada@example.com', subject: 'Hi', text: 'Hi', scheduledAt: '2090-01-01T00:00:00Z' };
    const made = [acme, acmeTest, zeta].map(async (world) => {
      const { body: email } = await world.call<{ id: string }>('POST', '/v1/emails', body, {
        'idempotency-key': 'one',
      });
      return email.id;
    });
    expect(new Set(await Promise.all(made)).size).toBe(3);
  });
});

describe('the topics of another', () => {
  const topicsOf = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const [prefix = ''] = id.split('_');
      const name = { em: 'email', dl: 'delivery', job: 'job' }[prefix];
      return name === undefined ? [] : [`${name}:${id}`];
    });

  it('are refused to sockets, with a key and with a ticket', async () => {
    for (const { by, of } of pairs) {
      const topics = topicsOf(of.ids);
      const { body } = await by.call<{ ticket: string }>('POST', '/v1/realtime/tickets', { topics });
      for (const auth of [{ key: by.key }, { ticket: body.ticket }]) {
        const socket = await Realtime.connect(mailtide.gatewayUrl, { auth });
        for (const topic of topics) {
          const ack = await socket.subscribe<{ ok: boolean; problem?: { code: string } }>(topic);
          by.listen(`subscribe ${topic}`, JSON.stringify(ack));
          expect([topic, ack]).toMatchObject([topic, { ok: false, problem: { code: 'not_found' } }]);
        }
        socket.close();
      }
    }
  }, 60_000);

  it('are refused to streams', async () => {
    for (const { by, of } of pairs) {
      for (const topic of topicsOf(of.ids)) {
        const headers = { authorization: `Bearer ${by.key}` };
        const opening = EventStream.open(`${mailtide.gatewayUrl}/v1/stream?topic=${topic}`, headers);
        await expect(opening).rejects.toMatchObject({ body: { code: 'not_found' } });
      }
    }
  }, 60_000);

  it('are silent where they bear the same name: its own tenant, its own owner', async () => {
    const sockets = await Promise.all(
      [acmeTest, zeta].map(async (world) => {
        const socket = await Realtime.connect(mailtide.gatewayUrl, { auth: { key: world.key } });
        for (const topic of ['tenant', `owner:${acme.canaries.owner}`, 'dead-letters']) {
          world.listen(`subscribe ${topic}`, JSON.stringify(await socket.subscribe(topic)));
        }
        return { world, socket };
      }),
    );
    const own = await Realtime.connect(mailtide.gatewayUrl, { auth: { key: acme.key } });
    await own.subscribe('tenant');
    await acme.send(acme.canaries.address);
    await eventually(() => expect(own.events.map(({ type }) => type)).toContain('delivery.sent'), 10_000);
    for (const { world, socket } of sockets) {
      world.listen('tenant', JSON.stringify(socket.events));
      expect(socket.events.filter(({ id }) => own.events.some((event) => event.id === id))).toEqual([]);
      socket.close();
    }
    own.close();
  }, 60_000);
});

describe('the words of a tenant', () => {
  it('were never said to another, unless it had said them first', () => {
    const worlds = [acme, acmeTest, zeta];
    const leaks = worlds.flatMap((world) =>
      worlds
        .filter((other) => other !== world)
        .flatMap(wordsOf)
        .flatMap((word) => world.heard.filter(({ asked, said }) => said.includes(word) && !asked.includes(word)))
        .map(({ asked }) => `${world.name}: ${asked}`),
    );
    expect(worlds.map(({ heard }) => heard.length > 100)).toEqual([true, true, true]);
    expect(leaks).toEqual([]);
  });

  it('went out under its own name only, to its own recipients', () => {
    expect(mails.length).toBeGreaterThan(1);
    for (const { to, raw } of mails) {
      const named = [acme, acmeTest, zeta].filter((world) => wordsOf(world).some((word) => raw.includes(word)));
      expect(named.map(({ name }) => name)).toEqual([to.replace(/^.*@(.*)\.test$/, '$1')]);
    }
  });

  it('are in no line of any log, and no key is', () => {
    const lines = readdirSync(mailtide.logs).flatMap((file) =>
      readFileSync(join(mailtide.logs, file), 'utf8').split('\n'),
    );
    expect(lines.length).toBeGreaterThan(20);
    const worlds = [acme, acmeTest, zeta];
    const secrets = worlds.flatMap((world) => [...wordsOf(world), world.key]);
    expect(lines.filter((line) => secrets.some((word) => line.includes(word)))).toEqual([]);
  });

  it('are in no record of Kafka: but the owner, whom only its own events name', async () => {
    const records = await kafkaRecords(mailtide);
    expect(records.length).toBeGreaterThan(10);
    const worlds = [acme, acmeTest, zeta];
    const secrets = worlds.flatMap(({ canaries: { owner: _owner, ...words } }) => Object.values(words));
    expect(records.filter(({ text }) => secrets.some((word) => text.includes(word)))).toEqual([]);
    const namesForeignOwner = ({ text, tenantId }: KafkaRecord) =>
      worlds.some((world) => text.includes(world.canaries.owner) && tenantIds.get(world) !== tenantId);
    expect(records.filter(namesForeignOwner)).toEqual([]);
  }, 60_000);
});
