import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTicket, ensureKey } from '#storage';
import { eventually, EventStream, testDatabase, uniqueName } from '#testing';
import { storeEmail } from '../testing/store-email.js';
import type { LiveEvent } from './live-event.js';
import { emailTopic, KEYS, Stage } from '../testing/stage.js';

let stage: Stage;
const streams: EventStream[] = [];

beforeAll(async () => {
  const { url: databaseUrl } = await testDatabase();
  stage = await Stage.open({ databaseUrl, topicPrefix: uniqueName('status-') });
}, 60_000);

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(() => stage.close());

/** @param query of `/v1/stream` */
async function open(query: string, key?: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const stream = await EventStream.open(`${stage.url}/v1/stream?${query}`, { ...authorization, ...headers });
  streams.push(stream);
  return stream;
}

const typesIn = ({ frames }: EventStream) => frames.map(({ event }) => event);
const eventsIn = ({ frames }: EventStream) =>
  frames.filter(({ event }) => event !== 'snapshot').map(({ data }) => data as LiveEvent);
const refusal = (query: string, key?: string, headers?: Record<string, string>) =>
  open(query, key, headers).then(
    () => undefined,
    (error: { body: unknown }) => error.body,
  );

describe('a stream', () => {
  it('begins with a snapshot for each topic and goes on with what happens', async () => {
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test' });
    const stream = await open(`topic=tenant&topic=${emailTopic(email)}`, KEYS.acme);
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': expect.stringMatching(/^req_/),
    });
    await eventually(() => {
      expect(stream.frames).toMatchObject([
        { event: 'snapshot', id: expect.stringMatching(/^c_/), data: { ok: true, topic: 'tenant', gap: false } },
        { event: 'snapshot', data: { topic: emailTopic(email), snapshot: { object: 'email' } } },
      ]);
    }, 5_000);

    const [eventId] = await stage.tellSent(email);
    await stage.relayAll();
    await eventually(() => {
      const sent = stream.frames.filter(({ event }) => event === 'delivery.sent');
      expect(sent.map(({ id, data }) => [id, data])).toEqual([
        [expect.any(String), expect.objectContaining({ id: eventId, topic: 'tenant', replay: false })],
        [expect.any(String), expect.objectContaining({ id: eventId, topic: emailTopic(email) })],
      ]);
    }, 60_000);
  });

  it('goes on where a browser was, with one cursor for all its topics', async () => {
    const email = await storeEmail(stage.db, { tenantId: stage.acme, to: 'ada@x.test', ownerId: '9' });
    const topics = `topic=owner:9&topic=${emailTopic(email)}`;
    const before = await open(topics, KEYS.acme);
    await eventually(() => expect(before.frames).toHaveLength(2), 5_000);
    before.close();
    await stage.tellUpdated(email);
    const [sent] = await stage.tellSent(email);

    const after = await open(topics, KEYS.acme, { 'last-event-id': before.lastId ?? '' });
    await eventually(() => {
      const missed = eventsIn(after).filter(({ type }) => type !== 'email.created'); // may come again
      expect(
        missed.map(({ topic, type, id, replay }) => [topic, type, type === 'delivery.sent' && id, replay]),
      ).toEqual([
        ['owner:9', 'email.updated', false, true],
        [emailTopic(email), 'email.updated', false, true],
        [emailTopic(email), 'delivery.sent', sent, true],
      ]);
    }, 5_000);
    expect(after.frames[0]).toMatchObject({ event: 'snapshot', data: { snapshot: null, gap: false } });

    // Cut off in the middle, the rest comes next time: no cursor runs ahead of what is still to come.
    const middle = after.frames.findIndex(({ event }) => event === 'email.updated');
    const rest = await open(`${topics}&since=${after.frames[middle]?.id}`, KEYS.acme);
    await eventually(() => expect(typesIn(rest)).toContain('delivery.sent'), 5_000);
  });

  it('takes a ticket instead of a key, once', async () => {
    const row = { tenantId: stage.acme, mode: 'test' as const, keyId: null, scopes: ['admin'], topics: ['tenant'] };
    const made = await createTicket(stage.db.of(stage.acme), row);
    const stream = await open(`topic=tenant&ticket=${made?.ticket}`);
    await eventually(() => expect(typesIn(stream)).toEqual(['snapshot']), 5_000);
    expect(await refusal(`topic=tenant&ticket=${made?.ticket}`)).toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    ['', undefined, 'validation_failed'],
    ['topic=nonsense', KEYS.acme, 'not_found'],
    ['topic=tenant&nonsense=1', KEYS.acme, 'validation_failed'],
    [Array.from({ length: 21 }, (_, n) => `topic=owner:${n}`).join('&'), KEYS.acme, 'validation_failed'],
    ['topic=tenant', `mt_test_${'x'.repeat(43)}`, 'unauthorized'],
    ['topic=dead-letters', KEYS.narrow, 'scope_missing'],
    ['topic=tenant&since=nonsense', KEYS.acme, 'bad_cursor'],
  ])('that cannot begin is a problem: %#', async (query, key, code) => {
    expect(await refusal(query, key)).toMatchObject({ code });
  });

  it('is for the pages of its origins only', async () => {
    const foreign = { origin: 'https://evil.example' };
    expect(await refusal('topic=tenant', KEYS.acme, foreign)).toMatchObject({ code: 'origin_not_allowed' });
    const stream = await open('topic=tenant', KEYS.acme, { origin: 'http://localhost:3000' });
    expect(stream.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
  });

  it('is gone within 5 seconds when its key is revoked', async () => {
    const secret = `mt_test_${'r'.repeat(43)}`;
    await ensureKey(stage.db, { secret, tenantId: stage.acme, name: 'revoked', scopes: ['admin'] });
    const { ended } = await open('topic=tenant', secret);
    const isGone = ended.then(() => 'gone');
    const text = "update api_keys set revoked_at = clock_now() where name = 'revoked'";
    await stage.db.query({ name: 'revoke', text, values: [] });
    expect(await isGone).toBe('gone');
  }, 6_000);

  it('answers HEAD without an end', async () => {
    const answer = await fetch(`${stage.url}/v1/stream?topic=tenant`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });
});

it('of a gateway that stops ends, and another one is refused', async () => {
  const stream = await open('topic=tenant', KEYS.acme);
  const closed = stage.close();
  await stream.ended;
  await expect(open('topic=tenant', KEYS.acme)).rejects.toThrow(/fetch failed|no stream/);
  await closed;
}, 60_000);
