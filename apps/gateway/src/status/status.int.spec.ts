import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { readEnvironment, testConfig } from '#config';
import { publicId, type TenantId } from '#domain';
import { deliverySentV1, type EventData, emailUpdatedV1 } from '#events';
import { connectKafka, createKafkaPublisher, OutboxRelay, type Publisher } from '#messaging';
import { appendOutbox, Database, ensureKey, ensureTenant, outboxEvent } from '#storage';
import { eventually, testDatabase, uniqueName } from '#testing';
import { gatewayOnFreePorts } from '../rehearsal/gateway-on-free-ports.js';
import { storeEmail, type StoredEmail } from '../rehearsal/store-email.js';
import type { RunningGateway } from '../start-gateway.js';
import type { LiveEvent } from './live-event.js';
import type { SubscribeAck } from './subscribe.js';

const KEYS = {
  acme: `mt_test_${'a'.repeat(43)}`,
  acmeLive: `mt_live_${'a'.repeat(43)}`,
  other: `mt_test_${'o'.repeat(43)}`,
};

let db: Database;
let acme: TenantId;
let gateway: RunningGateway;
let publisher: Publisher;
let relay: OutboxRelay;
const sockets: Socket[] = [];

beforeAll(async () => {
  const { TEST_KAFKA_BROKERS: brokers } = readEnvironment(testConfig);
  const { url: databaseUrl } = await testDatabase();
  db = new Database({ url: databaseUrl, application: 'spec', maxConnections: 2, plans: 'free', onIdleError: () => {} });
  acme = await ensureTenant(db, 'acme');
  const other = await ensureTenant(db, 'other');
  for (const secret of [KEYS.acme, KEYS.acmeLive])
    await ensureKey(db, { secret, tenantId: acme, name: 'spec', scopes: ['admin'] });
  await ensureKey(db, { secret: KEYS.other, tenantId: other, name: 'spec', scopes: ['admin'] });
  const topicPrefix = uniqueName('status-');
  gateway = await gatewayOnFreePorts({ databaseUrl, brokers, topicPrefix });
  const connection = connectKafka('spec', { brokers: [brokers], ssl: false, topicPrefix }, () => {});
  publisher = createKafkaPublisher({ connection, retries: 5 });
  await publisher.start();
  relay = new OutboxRelay(db, publisher);
}, 60_000);

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

afterAll(async () => {
  await publisher.stop();
  await gateway.stop();
  await db.stop();
});

interface Client {
  readonly socket: Socket;
  readonly events: LiveEvent[];
  readonly subscribe: (topic: string, since?: string) => Promise<SubscribeAck>;
}

/** A connected client that keeps what it hears. */
async function client(key: string | undefined, query: Record<string, string> = {}, headers = {}): Promise<Client> {
  const socket = io(`http://127.0.0.1:${gateway.httpPort}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: key === undefined ? {} : { key },
    query,
    extraHeaders: headers,
  });
  sockets.push(socket);
  const events: LiveEvent[] = [];
  socket.onAny((_type: string, event: LiveEvent) => events.push(event));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const subscribe = (topic: string, since?: string) =>
    socket.timeout(5_000).emitWithAck('subscribe', { topic, since }) as Promise<SubscribeAck>;
  return { socket, events, subscribe };
}

async function relayAll(): Promise<void> {
  while ((await relay.pass()).more);
}

const emailTopic = ({ id }: StoredEmail) => `email:${publicId('email', id)}`;
const deliveryTopic = ({ deliveryId }: StoredEmail) => `delivery:${publicId('delivery', deliveryId)}`;
const about = ({ tenantId, mode, id }: StoredEmail) => ({
  tenantId,
  mode,
  source: 'spec',
  actor: 'system',
  emailId: id,
  version: 2,
});

/** What the sender writes when a server has accepted the copy. */
async function tellSent(email: StoredEmail): Promise<string> {
  const data: Omit<EventData<typeof deliverySentV1>, 'at'> = {
    deliveryId: publicId('delivery', email.deliveryId),
    emailId: publicId('email', email.id),
    jobId: null,
    ownerId: null,
    from: 'sending',
    status: 'sent',
    attempt: 1,
    epoch: 1,
    providerId: null,
    domainGroup: 'x.test',
    reply: { code: 250, enhanced: '2.0.0' },
    reason: null,
    lateMs: 0,
    possibleDuplicate: false,
  };
  const event = outboxEvent(deliverySentV1, { ...about(email), deliveryId: email.deliveryId }, data);
  await appendOutbox(db, [event]);
  return publicId('event', event.eventId);
}

async function tellUpdated(email: StoredEmail): Promise<void> {
  const scheduledAt = new Date().toISOString();
  const data = { emailId: publicId('email', email.id), changed: ['subject'], scheduledAt, version: 2 };
  await appendOutbox(db, [outboxEvent(emailUpdatedV1, { ...about(email), deliveryId: null }, data)]);
}

/** The emails that a client has heard of. */
const emailsHeardBy = (who: Client) =>
  new Set(who.events.flatMap(({ data }) => (data as { emailId?: string }).emailId ?? []));

const typesOf = ({ events }: Client, topic: string) =>
  events.filter((event) => event.topic === topic).map(({ type }) => type);

describe('a subscription', () => {
  it('begins with how things are and goes on with what happens', async () => {
    const email = await storeEmail(db, { tenantId: acme, to: 'ada@x.test' });
    const watcher = await client(KEYS.acme);
    const ack = await watcher.subscribe(emailTopic(email));
    expect(ack).toMatchObject({
      ok: true,
      topic: emailTopic(email),
      replayed: 0,
      gap: false,
      snapshot: { object: 'email', id: publicId('email', email.id) },
    });
    expect(await watcher.subscribe(deliveryTopic(email))).toMatchObject({ snapshot: { object: 'delivery' } });

    const eventId = await tellSent(email);
    await relayAll();

    await eventually(() => {
      const sent = watcher.events.filter(({ type }) => type === 'delivery.sent');
      expect(sent).toMatchObject([
        { id: eventId, topic: emailTopic(email), replay: false, data: { status: 'sent' } },
        { id: eventId, topic: deliveryTopic(email), replay: false, cursor: expect.stringMatching(/^c_/) },
      ]);
    }, 10_000);
  });

  it('to a tenant hears everything of this tenant and mode, and nothing of others', async () => {
    const [ours, live, foreign] = [await client(KEYS.acme), await client(KEYS.acmeLive), await client(KEYS.other)];
    for (const each of [ours, live, foreign]) {
      expect(await each.subscribe('tenant')).toMatchObject({ ok: true, snapshot: null });
    }
    const email = await storeEmail(db, { tenantId: acme, to: 'ada@x.test' });
    await tellSent(email);
    const last = await storeEmail(db, { tenantId: acme, to: 'ada@x.test', mode: 'live' });
    await tellSent(last);
    await relayAll();
    await eventually(() => {
      expect(typesOf(ours, 'tenant')).toEqual(expect.arrayContaining(['email.created', 'delivery.sent']));
      expect(typesOf(live, 'tenant')).toEqual(expect.arrayContaining(['email.created', 'delivery.sent']));
    }, 10_000);
    expect(emailsHeardBy(ours)).not.toContain(publicId('email', last.id));
    expect(emailsHeardBy(live)).not.toContain(publicId('email', email.id));
    expect(emailsHeardBy(foreign)).toEqual(new Set());
  });

  it('to an owner hears of the owner’s emails, also where an event does not name the owner', async () => {
    const watcher = await client(KEYS.acme);
    expect(await watcher.subscribe('owner:7')).toMatchObject({ ok: true, snapshot: { jobs: [] } });
    const email = await storeEmail(db, { tenantId: acme, to: 'ada@x.test', ownerId: '7' });
    await tellUpdated(email);
    await tellUpdated(await storeEmail(db, { tenantId: acme, to: 'ada@x.test', ownerId: '8' }));
    await relayAll();
    await eventually(() => expect(typesOf(watcher, 'owner:7')).toEqual(['email.created', 'email.updated']), 10_000);
  });

  it('asked for in the handshake is answered by an event', async () => {
    const watcher = await client(KEYS.acme, { topics: 'tenant,owner:1,nonsense' });
    await eventually(() => {
      const acks = watcher.events.filter((event) => 'ok' in event);
      expect(acks).toHaveLength(3);
      expect(acks).toContainEqual(expect.objectContaining({ ok: true, topic: 'tenant' }));
      expect(acks).toContainEqual(expect.objectContaining({ ok: false, topic: 'nonsense' }));
    }, 5_000);
    expect(watcher.events).toContainEqual(expect.objectContaining({ type: 'server.version' }));
  });

  it('ends when it is called off', async () => {
    const email = await storeEmail(db, { tenantId: acme, to: 'ada@x.test' });
    const watcher = await client(KEYS.acme);
    await watcher.subscribe(emailTopic(email));
    await watcher.subscribe('tenant');
    expect(await watcher.socket.emitWithAck('unsubscribe', { topic: emailTopic(email) })).toMatchObject({ ok: true });
    await tellSent(email);
    await relayAll();
    await eventually(() => expect(typesOf(watcher, 'tenant')).toContain('delivery.sent'), 10_000);
    expect(typesOf(watcher, emailTopic(email))).toEqual([]);
  });

  it('to what is unknown, foreign or of another mode is not found', async () => {
    const email = await storeEmail(db, { tenantId: acme, to: 'ada@x.test' });
    const answers = await Promise.all([
      (await client(KEYS.other)).subscribe(emailTopic(email)),
      (await client(KEYS.acmeLive)).subscribe(deliveryTopic(email)),
      (await client(KEYS.acme)).subscribe('email:em_01m8rf20g6ekd9jbb81k6sxq3w'),
      (await client(KEYS.acme)).subscribe('nonsense'),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  });

  it('is one of at most 50', async () => {
    const watcher = await client(KEYS.acme, { topics: Array.from({ length: 50 }, (_, i) => `owner:${i}`).join(',') });
    await eventually(() => expect(watcher.events.filter((event) => 'ok' in event)).toHaveLength(50), 10_000);
    expect(await watcher.subscribe('tenant')).toMatchObject({ ok: false, problem: { code: 'validation_failed' } });
    expect(await watcher.subscribe('owner:1')).toMatchObject({ ok: true });
  });
});

describe('a client that comes back', () => {
  it('gets what it missed, in order, then what happens', async () => {
    const email = await storeEmail(db, { tenantId: acme, to: 'ada@x.test', ownerId: '9' });
    const before = await client(KEYS.acme);
    const ack = await before.subscribe(emailTopic(email));
    before.socket.disconnect();
    await tellUpdated(email);
    const missed = await tellSent(email);

    const { cursor } = ack as Extract<SubscribeAck, { ok: true }>;
    const after = await client(KEYS.acme);
    expect(await after.subscribe(emailTopic(email), cursor)).toMatchObject({ ok: true, snapshot: null, gap: false });
    await eventually(() => {
      // At least once: what the snapshot had told already may come again, before what was missed.
      const events = after.events.filter(({ replay, type }) => replay && type !== 'email.created');
      expect(events).toMatchObject([
        { type: 'email.updated', topic: emailTopic(email) },
        { type: 'delivery.sent', id: missed },
      ]);
    }, 5_000);
    expect(await after.subscribe(deliveryTopic(email), cursor)).toMatchObject({ replayed: 1 });
    for (const topic of ['owner:9', 'tenant']) {
      await after.subscribe(topic, cursor);
      await eventually(() => {
        expect(typesOf(after, topic).filter((type) => type === 'email.updated')).toHaveLength(1);
      }, 5_000);
    }

    // From the newest cursor nothing new comes. What is known may: the horizon of replays is that of the whole server.
    const heard = () => after.events.filter((event) => event.topic === emailTopic(email));
    const known = new Set(heard().map(({ id }) => id));
    const again = await after.subscribe(emailTopic(email), heard().at(-1)?.cursor);
    const { replayed } = again as Extract<SubscribeAck, { ok: true }>;
    await eventually(() => expect(heard().length).toBeGreaterThanOrEqual(known.size + replayed), 5_000);
    expect(new Set(heard().map(({ id }) => id))).toEqual(known);
  });

  it('from another history gets a snapshot and is told of the gap', async () => {
    const email = await storeEmail(db, { tenantId: acme, to: 'ada@x.test' });
    const watcher = await client(KEYS.acme);
    expect(await watcher.subscribe(emailTopic(email), 'c_zzzzzzzzzz')).toMatchObject({
      gap: true,
      snapshot: { object: 'email' },
    });
    expect(await watcher.subscribe(emailTopic(email), 'nonsense')).toMatchObject({ problem: { code: 'bad_cursor' } });
  });
});

describe('a socket', () => {
  it('needs no key at this machine', async () => {
    expect(await (await client(undefined)).subscribe('tenant')).toMatchObject({ ok: true });
  });

  it('with a bad key is told why it is refused', async () => {
    const refused = client(`mt_test_${'x'.repeat(43)}`);
    await expect(refused).rejects.toMatchObject({ data: { status: 401, code: 'unauthorized' } });
  });

  it('of a foreign page is refused before it exists', async () => {
    await expect(client(undefined, {}, { origin: 'https://evil.example' })).rejects.toMatchObject({
      description: { message: 'Unexpected server response: 403' },
    });
    await expect(client(undefined, {}, { host: 'evil.example' })).rejects.toThrow('websocket error');
    expect((await client(undefined, {}, { origin: 'http://localhost:3000' })).socket.connected).toBe(true);
  });

  it('that sends more than 20 messages a second is disconnected', async () => {
    const { socket } = await client(KEYS.acme);
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    for (let i = 0; i < 30; i += 1) socket.emit('unsubscribe', { topic: 'tenant' });
    expect(await gone).toBe('io server disconnect');
  });

  it('is gone within 5 seconds when its key is revoked', async () => {
    const secret = `mt_test_${'r'.repeat(43)}`;
    await ensureKey(db, { secret, tenantId: acme, name: 'revoked', scopes: ['admin'] });
    const { socket } = await client(secret);
    const text = "update api_keys set revoked_at = clock_now() where name = 'revoked'";
    await db.query({ name: 'revoke', text, values: [] });
    await eventually(() => expect(socket.connected).toBe(false), 6_000);
  }, 10_000);
});
