import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type KeyId, publicId } from '#domain';
import { createTicket, ensureKey } from '#storage';
import { eventually, testDatabase, uniqueName } from '#testing';
import { storeEmail } from '../testing/store-email.js';
import { type Client, deliveryTopic, emailTopic, KEYS, Stage, typesOf } from '../testing/stage.js';
import type { SubscribeAck } from './subscribe.js';

let stage: Stage;

beforeAll(async () => {
  const { url: databaseUrl } = await testDatabase();
  stage = await Stage.open({ databaseUrl, topicPrefix: uniqueName('status-') });
}, 60_000);

afterEach(() => stage.leave());
afterAll(() => stage.close());

/** The emails that a client has heard of. */
const emailsHeardBy = (who: Client) =>
  new Set(who.events.flatMap(({ data }) => (data as { emailId?: string }).emailId ?? []));

describe('a subscription', () => {
  it('begins with how things are and goes on with what happens', async () => {
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
    const watcher = await stage.client(KEYS.acme);
    const ack = await watcher.subscribe(emailTopic(email));
    expect(ack).toMatchObject({
      ok: true,
      topic: emailTopic(email),
      replayed: 0,
      gap: false,
      snapshot: { object: 'email', id: publicId('email', email.id) },
    });
    expect(await watcher.subscribe(deliveryTopic(email))).toMatchObject({ snapshot: { object: 'delivery' } });

    const [eventId] = await stage.tellSent(email);
    await stage.relayAll();

    await eventually(() => {
      const sent = watcher.events.filter(({ type }) => type === 'delivery.sent');
      expect(sent).toMatchObject([
        { id: eventId, topic: emailTopic(email), replay: false, data: { status: 'sent' } },
        { id: eventId, topic: deliveryTopic(email), replay: false, cursor: expect.stringMatching(/^c_/) },
      ]);
    }, 60_000);
  });

  it('to a tenant hears everything of this tenant and mode, and nothing of others', async () => {
    const [ours, live, foreign] = [
      await stage.client(KEYS.acme),
      await stage.client(KEYS.acmeLive),
      await stage.client(KEYS.other),
    ];
    for (const each of [ours, live, foreign]) {
      expect(await each.subscribe('tenant')).toMatchObject({ ok: true, snapshot: { queue: { object: 'queue' } } });
    }
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
    await stage.tellSent(email);
    const last = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test', mode: 'live' });
    await stage.tellSent(last);
    await stage.relayAll();
    await eventually(() => {
      expect(typesOf(ours, 'tenant')).toEqual(expect.arrayContaining(['email.created', 'delivery.sent']));
      expect(typesOf(live, 'tenant')).toEqual(expect.arrayContaining(['email.created', 'delivery.sent']));
    }, 60_000);
    expect(emailsHeardBy(ours)).not.toContain(publicId('email', last.id));
    expect(emailsHeardBy(live)).not.toContain(publicId('email', email.id));
    expect(emailsHeardBy(foreign)).toEqual(new Set());
  });

  it('to an owner hears of the owner’s emails, also where an event does not name the owner', async () => {
    const watcher = await stage.client(KEYS.acme);
    expect(await watcher.subscribe('owner:7')).toMatchObject({ ok: true, snapshot: { jobs: [] } });
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test', ownerId: '7' });
    await stage.tellUpdated(email);
    await stage.tellUpdated(await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test', ownerId: '8' }));
    await stage.relayAll();
    await eventually(() => expect(typesOf(watcher, 'owner:7')).toEqual(['email.created', 'email.updated']), 10_000);
  });

  it('asked for in the handshake is answered by an event', async () => {
    const watcher = await stage.client(KEYS.acme, { topics: 'tenant,owner:1,nonsense' });
    await eventually(() => {
      const acks = watcher.events.filter((event) => 'ok' in event);
      expect(acks).toHaveLength(3);
      expect(acks).toContainEqual(expect.objectContaining({ ok: true, topic: 'tenant' }));
      expect(acks).toContainEqual(expect.objectContaining({ ok: false, topic: 'nonsense' }));
    }, 5_000);
    expect(watcher.events).toContainEqual(expect.objectContaining({ type: 'server.version' }));
  });

  it('ends when it is called off', async () => {
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
    const watcher = await stage.client(KEYS.acme);
    await watcher.subscribe(emailTopic(email));
    await watcher.subscribe('tenant');
    expect(await watcher.socket.emitWithAck('unsubscribe', { topic: emailTopic(email) })).toMatchObject({ ok: true });
    await stage.tellSent(email);
    await stage.relayAll();
    await eventually(() => expect(typesOf(watcher, 'tenant')).toContain('delivery.sent'), 10_000);
    expect(typesOf(watcher, emailTopic(email))).toEqual([]);
  });

  it('to what is unknown, foreign or of another mode is not found', async () => {
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
    const answers = await Promise.all([
      (await stage.client(KEYS.other)).subscribe(emailTopic(email)),
      (await stage.client(KEYS.acmeLive)).subscribe(deliveryTopic(email)),
      (await stage.client(KEYS.acme)).subscribe('email:em_01m8rf20g6ekd9jbb81k6sxq3w'),
      (await stage.client(KEYS.acme)).subscribe('nonsense'),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  });

  it('to dead letters begins with the newest and hears of new ones, and no other topic does', async () => {
    const [before, after] = [
      await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' }),
      await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' }),
    ];
    await stage.bury(before);
    const watcher = await stage.client(KEYS.acme);
    await watcher.subscribe('tenant');
    expect(await watcher.subscribe('dead-letters')).toMatchObject({
      snapshot: { deadLetters: [{ object: 'dead_letter', deliveryId: publicId('delivery', before.deliveryId) }] },
    });
    await stage.bury(after);
    await stage.relayAll();
    const heard = () => watcher.events.filter(({ type }) => type === 'dead_letter.added');
    const deliveryId = publicId('delivery', after.deliveryId);
    await eventually(() => {
      expect(heard()).toContainEqual(expect.objectContaining({ data: expect.objectContaining({ deliveryId }) }));
    }, 60_000);
    expect(new Set(heard().map(({ topic }) => topic))).toEqual(new Set(['dead-letters']));
  });

  it('is one of at most 50', async () => {
    const watcher = await stage.client(KEYS.acme, {
      topics: Array.from({ length: 50 }, (_, i) => `owner:${i}`).join(','),
    });
    await eventually(() => expect(watcher.events.filter((event) => 'ok' in event)).toHaveLength(50), 10_000);
    expect(await watcher.subscribe('tenant')).toMatchObject({ ok: false, problem: { code: 'validation_failed' } });
    expect(await watcher.subscribe('owner:1')).toMatchObject({ ok: true });
  });
});

describe('a client that comes back', () => {
  it('gets what it missed, in order, then what happens', async () => {
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test', ownerId: '9' });
    const before = await stage.client(KEYS.acme);
    const ack = await before.subscribe(emailTopic(email));
    before.socket.disconnect();
    await stage.tellUpdated(email);
    const [missed] = await stage.tellSent(email);

    const { cursor } = ack as Extract<SubscribeAck, { ok: true }>;
    const after = await stage.client(KEYS.acme);
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
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
    const watcher = await stage.client(KEYS.acme);
    expect(await watcher.subscribe(emailTopic(email), 'c_zzzzzzzzzz')).toMatchObject({
      gap: true,
      snapshot: { object: 'email' },
    });
    expect(await watcher.subscribe(emailTopic(email), 'nonsense')).toMatchObject({ problem: { code: 'bad_cursor' } });
  });
});

describe('a ticket', () => {
  const ticketFor = async (topics: readonly string[], keyId: KeyId | null = null) => {
    const row = { tenantId: stage.acme, mode: 'test' as const, keyId, scopes: ['admin'], topics };
    const made = await createTicket(stage.db.of(stage.acme), row);
    return made?.ticket ?? '';
  };

  it('lets in once, to its topics', async () => {
    const auth = { ticket: await ticketFor(['owner:1']) };
    const watcher = await stage.client(undefined, {}, { auth });
    expect(await watcher.subscribe('owner:1')).toMatchObject({ ok: true });
    expect(await watcher.subscribe('owner:2')).toMatchObject({ ok: false, problem: { code: 'scope_missing' } });
    await expect(stage.client(undefined, {}, { auth })).rejects.toMatchObject({ data: { code: 'unauthorized' } });
  });

  it('for * lets in to all', async () => {
    const watcher = await stage.client(undefined, {}, { auth: { ticket: await ticketFor(['*']) } });
    expect(await watcher.subscribe('tenant')).toMatchObject({ ok: true });
  });

  it('of a key that is revoked meanwhile ends within 5 seconds', async () => {
    const secret = `mt_test_${'t'.repeat(43)}`;
    await ensureKey(stage.db, { secret, tenantId: stage.acme, name: 'ticketed', scopes: ['admin'] });
    const text = 'select id from api_keys where name = $1';
    const { rows } = await stage.db.query<{ id: KeyId }>({ name: 'ticketed', text, values: ['ticketed'] });
    const ticket = await ticketFor(['*'], rows[0]?.id);
    const { socket } = await stage.client(undefined, {}, { auth: { ticket } });
    await revoke('ticketed');
    await eventually(() => expect(socket.connected).toBe(false), 6_000);
  }, 60_000);
});

const revoke = (name: string) => {
  const text = 'update api_keys set revoked_at = clock_now() where name = $1';
  return stage.db.query({ name: 'revoke', text, values: [name] });
};

describe('a socket', () => {
  it('hears only what its scopes allow', async () => {
    const watcher = await stage.client(KEYS.narrow);
    for (const topic of ['tenant', 'dead-letters', 'owner:1'])
      expect(await watcher.subscribe(topic)).toMatchObject({ ok: false, problem: { code: 'scope_missing' } });
  });

  it('needs no key at this machine', async () => {
    expect(await (await stage.client(undefined)).subscribe('tenant')).toMatchObject({ ok: true });
  });

  it('with a bad key is told why it is refused', async () => {
    const refused = stage.client(`mt_test_${'x'.repeat(43)}`);
    await expect(refused).rejects.toMatchObject({ data: { status: 401, code: 'unauthorized' } });
  });

  it('of a foreign page is refused before it exists', async () => {
    await expect(stage.client(undefined, {}, { headers: { origin: 'https://evil.example' } })).rejects.toMatchObject({
      description: { message: 'Unexpected server response: 403' },
    });
    await expect(stage.client(undefined, {}, { headers: { host: 'evil.example' } })).rejects.toThrow('websocket error');
    expect((await stage.client(undefined, {}, { headers: { origin: 'http://localhost:3000' } })).socket.connected).toBe(
      true,
    );
  });

  it('that sends more than 20 messages a second is disconnected', async () => {
    const { socket } = await stage.client(KEYS.acme);
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    for (let i = 0; i < 30; i += 1) socket.emit('unsubscribe', { topic: 'tenant' });
    expect(await gone).toBe('io server disconnect');
  });

  it('is gone within 5 seconds when its key is revoked', async () => {
    const secret = `mt_test_${'r'.repeat(43)}`;
    await ensureKey(stage.db, { secret, tenantId: stage.acme, name: 'revoked', scopes: ['admin'] });
    const { socket } = await stage.client(secret);
    await revoke('revoked');
    await eventually(() => expect(socket.connected).toBe(false), 6_000);
  }, 60_000);
});
