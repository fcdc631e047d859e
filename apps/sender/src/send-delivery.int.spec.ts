import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_BREAKER_TIMINGS, type Gate, type OutgoingMessage } from '#couriers';
import type { Outcome, ProcessId, ProviderId } from '#domain';
import {
  addSuppression,
  type ClaimedDelivery,
  type Database,
  type DeliveryRow,
  findSuppressions,
  getDelivery,
  listDeadLetters,
  newId,
  releaseClaims,
} from '#storage';
import { createLog, createMetrics } from '#telemetry';
import { openPinned, testDatabase } from '#testing';
import { Armer } from './gate/armer.js';
import { ProviderBreakers } from './provider-breakers.js';
import type { Providers } from './providers.js';
import { RenderBudget } from './render-budget.js';
import { MessageRenderer } from './render-message.js';
import { SendDelivery } from './send-delivery.js';
import { Settler } from './settle/settler.js';
import { storeAndClaim } from './testing/store-email.js';

/** The story of one delivery against a real database; only the conversation with the server is played. */

const times = { connectMs: 1, envelopeMs: 2, armMs: 3, replyMs: 4, conversation: ['< 451 later'] };
const accepted: Outcome = {
  kind: 'accepted',
  phase: 'reply_received',
  reply: { code: 250, enhanced: '2.0.0', text: '2.0.0 ok' },
};
const early: Outcome = {
  kind: 'temporary',
  phase: 'envelope',
  reply: { code: 450, enhanced: '4.2.1', text: 'later' },
  error: null,
};
const busy: Outcome = {
  kind: 'temporary',
  phase: 'reply_received',
  reply: { code: 451, enhanced: null, text: 'later' },
  error: null,
};
const nobody: Outcome = {
  kind: 'permanent',
  phase: 'envelope',
  reply: { code: 550, enhanced: '5.1.1', text: 'nobody' },
  reason: 'bad_recipient',
  error: null,
};
const lost: Outcome = { kind: 'unknown', phase: 'dot_released', error: 'the connection closed' };

let db: Database;
let dots = 0;
beforeAll(async () => {
  const { url } = await testDatabase();
  db = openPinned(url, 4);
});
afterAll(() => db.stop());

/** A server that answers so; `asks`: only once the gate has let the dot pass. */
const courierThat = (outcome: Outcome, asks: boolean, atDot: () => Promise<void> = () => Promise.resolve()) => ({
  async attempt(_message: OutgoingMessage, gate: Gate) {
    if (!asks) return { outcome, ...times };
    await atDot();
    const answer = await gate.arm();
    if (answer === 'refused') return { outcome: { kind: 'refused' } as const, ...times };
    if (answer === 'expired') return { outcome: { kind: 'withheld', error: 'too late' } as const, ...times };
    dots += 1;
    return { outcome, ...times };
  },
  stop: () => Promise.resolve(),
});

/** A server that nobody may connect to. */
const NOT_ASKED = {
  attempt: () => Promise.reject(new Error('it was asked')),
  stop: () => Promise.resolve(),
};

const log = createLog({ app: 'sender', level: 'silent', pretty: false });
const { facts } = createMetrics('sender');

/** One sender with a courier; null: without any. */
function aSender(
  courier: object | null,
  database: Database = db,
  renderer = new MessageRenderer(async () => []),
): SendDelivery {
  return new SendDelivery({
    providers: { for: () => courier && { id: newId<ProviderId>(), courier } } as unknown as Providers,
    renderer,
    armer: new Armer(database, newId<ProcessId>(), facts),
    settler: new Settler(database, log, facts),
    breakers: new ProviderBreakers({ db: database, providers: [], timings: DEFAULT_BREAKER_TIMINGS, log, facts }),
    giveBack: (delivery) => releaseClaims(database, [delivery]),
    timings: { holdSeconds: 600, retryDelaysSeconds: [60] },
    log,
    facts,
  });
}

const send = (delivery: ClaimedDelivery, courier: object | null, database?: Database): Promise<void> =>
  aSender(courier, database).run(delivery);

async function read({ tenantId, mode, id }: ClaimedDelivery): Promise<DeliveryRow> {
  const row = await getDelivery(db, tenantId, mode, id);
  if (!row) throw new Error('it is gone');
  return row;
}

async function events({ id }: ClaimedDelivery): Promise<string[]> {
  const text = 'select type from outbox where delivery_id = $1 order by id';
  const { rows } = await db.query<{ type: string }>({ name: 'events', text, values: [id] });
  return rows.map(({ type }) => type);
}

describe('how an attempt ends', () => {
  it.each<[string, Outcome, boolean, Partial<DeliveryRow>, string[]]>([
    [
      'accepted: sent',
      accepted,
      true,
      { status: 'sent', attempt: 1, reply_code: 250, hold_until: null },
      ['delivery.sent'],
    ],
    [
      'put off before the dot: scheduled, the attempt counts',
      early,
      false,
      { status: 'scheduled', attempt: 1, armed_at: null, reply_code: 450 },
      ['delivery.retrying'],
    ],
    [
      'put off behind the dot: scheduled, the attempt counts once',
      busy,
      true,
      { status: 'scheduled', attempt: 1, reply_code: 451 },
      ['delivery.retrying'],
    ],
    [
      'refused for good: failed',
      nobody,
      false,
      { status: 'failed', attempt: 1, reason: 'bad_recipient' },
      ['delivery.failed'],
    ],
    ['without an answer: held for a late one', lost, true, { status: 'sending', attempt: 1, reason: null }, []],
  ])('%s', async (_what, outcome, asks, expected, told) => {
    const delivery = await storeAndClaim(db);
    await send(delivery, courierThat(outcome, asks));
    const row = await read(delivery);
    expect(row).toMatchObject(expected);
    expect(row.attempts).toMatchObject([{ attempt: 1, epoch: 1, outcome: outcome.kind, connect_ms: 1, reply_ms: 4 }]);
    expect(row.hold_until !== null).toBe(outcome.kind === 'unknown');
    expect(await events(delivery)).toEqual(told);
  });

  it('without an answer, wanted at most once: unknown, and nobody will send it again', async () => {
    const delivery = await storeAndClaim(db, { onUnknown: 'at_most_once' });
    await send(delivery, courierThat(lost, true));
    expect(await read(delivery)).toMatchObject({ status: 'unknown', reason: 'ambiguous', hold_until: null });
    expect(await events(delivery)).toEqual(['delivery.unknown']);
  });

  it('a retry waits for its time', async () => {
    const delivery = await storeAndClaim(db);
    await send(delivery, courierThat(busy, true));
    const { due_at: dueAt, eligible_at: eligibleAt } = await read(delivery);
    expect(dueAt.getTime() - eligibleAt.getTime()).toBeGreaterThanOrEqual(60_000);
    expect(dueAt.getTime() - eligibleAt.getTime()).toBeLessThan(90_000);
  });

  it('with words that no database takes: they are stored as far as they can be', async () => {
    const delivery = await storeAndClaim(db);
    const reply = { code: 250, enhanced: null, text: `ok \0 \ud800 ${'x'.repeat(600)}` };
    await send(delivery, courierThat({ kind: 'accepted', phase: 'reply_received', reply }, true));
    expect(await read(delivery)).toMatchObject({
      status: 'sent',
      reply_text: expect.stringMatching(/^ok \ufffd \ufffd x{505}$/),
    });
  });

  it('with a sender that cannot be composed: failed, and the process lives', async () => {
    const delivery = await storeAndClaim(db);
    await send({ ...delivery, from: 'nobody' }, courierThat(accepted, true));
    expect(await read(delivery)).toMatchObject({ status: 'failed', reason: 'render_error' });
  });

  it('with a placeholder that its recipient has nothing for: failed and kept as a dead letter, and others go', async () => {
    const [bad, good] = [await storeAndClaim(db), await storeAndClaim(db)];
    const filled = { render: 'liquid', hasOwnData: true, subject: 'Hi {{ name }}' } as const;
    await Promise.all([
      send({ ...bad, ...filled }, courierThat(accepted, true)),
      send({ ...good, ...filled, recipientName: 'Ada' }, courierThat(accepted, true)),
    ]);
    expect(await read(bad)).toMatchObject({ status: 'failed', reason: 'render_error' });
    expect(await read(good)).toMatchObject({ status: 'sent' });
    const { rows } = await listDeadLetters(db, bad, {}, { limit: 10 });
    expect(rows).toMatchObject([{ reason: 'render_error', error: 'subject: there is no name (line 1, column 7)' }]);
  });

  it('live mail without a provider waits', async () => {
    const delivery = await storeAndClaim(db, { mode: 'live' });
    await send(delivery, null);
    const row = await read(delivery);
    expect(row).toMatchObject({ status: 'scheduled', reason: 'provider_down', attempt: 0, attempts: [] });
    expect(await events(delivery)).toEqual([]);
  });
});

describe('what has to wait before it was ever tried', () => {
  const windows = [[{ days: ['tue'], from: '09:00', to: '10:00', timeZone: 'UTC' } as const]];
  const shut = { windows, eligibleMs: Date.UTC(2027, 0, 5, 9), loadedMs: Date.UTC(2027, 0, 5, 10) };
  const firstClaims = async ({ id }: ClaimedDelivery) => {
    const text = 'select first_claimed_at from deliveries where id = $1';
    const { rows } = await db.query<{ first_claimed_at: Date | null }>({ name: 'first-claims', text, values: [id] });
    return rows;
  };

  it('for its windows has all its time for retries when they open', async () => {
    const delivery = await storeAndClaim(db);
    await send({ ...delivery, ...shut }, NOT_ASKED);
    const row = await read(delivery);
    expect(row).toMatchObject({ status: 'scheduled', reason: 'window', attempt: 0, version: 1, attempts: [] });
    expect(row.due_at.getTime() - row.eligible_at.getTime()).toBeGreaterThan(6 * 86_400_000);
    expect(await firstClaims(delivery)).toEqual([{ first_claimed_at: null }]);
  });

  it('for a sender that has time to render it, too', async () => {
    let cpuMs = 0;
    const budget = new RenderBudget(
      () => 0,
      () => (cpuMs += 2_000),
    );
    const delivery = await storeAndClaim(db);
    budget.spend(delivery.emailId, () => {});
    const copy = { ...delivery, render: 'liquid', hasOwnData: true } as const;
    await aSender(NOT_ASKED, db, new MessageRenderer(async () => [], budget)).run(copy);
    const row = await read(delivery);
    expect(row).toMatchObject({ status: 'scheduled', reason: 'slow_rendering', attempt: 0, version: 1, attempts: [] });
    const waitsMs = row.due_at.getTime() - row.eligible_at.getTime();
    expect(waitsMs).toBeGreaterThanOrEqual(10_000);
    expect(waitsMs).toBeLessThan(80_000);
    expect(await firstClaims(delivery)).toEqual([{ first_claimed_at: null }]);
  });

  it('for its provider has not: nobody waits for one for ever; nor has what was tried', async () => {
    const [away, tried] = [await storeAndClaim(db, { mode: 'live' }), await storeAndClaim(db)];
    await send(away, null);
    await db.query({ name: 'tried', text: 'update deliveries set attempt = 1 where id = $1', values: [tried.id] });
    await send({ ...tried, ...shut }, NOT_ASKED);
    for (const one of [away, tried]) expect(await firstClaims(one)).toEqual([{ first_claimed_at: expect.any(Date) }]);
  });
});

describe('a recipient that is suppressed', () => {
  const suppress = ({ tenantId, mode, address }: ClaimedDelivery) =>
    addSuppression(
      db,
      { tenantId, mode },
      { id: newId(), recipientKey: address, address, scope: 'all', source: 'manual', reason: null },
    );

  it.each([
    ['before its copy was loaded', true],
    ['while its copy was on its way to the gate', false],
  ])('%s gets nothing: suppressed, told, no attempt', async (_when, isKnown) => {
    const delivery = await storeAndClaim(db);
    const before = dots;
    if (isKnown) await suppress(delivery);
    const atDot = async () => void (await suppress(delivery));
    await send({ ...delivery, isSuppressed: isKnown }, isKnown ? NOT_ASKED : courierThat(accepted, true, atDot));
    expect(dots).toBe(before);
    expect(await read(delivery)).toMatchObject({
      status: 'suppressed',
      reason: 'recipient_suppressed',
      attempt: 0,
      attempts: [],
    });
    expect(await events(delivery)).toEqual(['delivery.suppressed']);
  });

  it('is whoever does not exist: the next copy for it is suppressed', async () => {
    const delivery = await storeAndClaim(db);
    await send(delivery, courierThat(nobody, false));
    expect(await findSuppressions(db, delivery, [delivery.address])).toMatchObject([
      { source: 'hard_bounce', reason: '550 5.1.1', delivery_id: delivery.id },
    ]);
  });
});

describe('the gate', () => {
  it('refuses what was taken back meanwhile: no dot, nothing stored', async () => {
    const delivery = await storeAndClaim(db);
    const before = dots;
    await send(
      delivery,
      courierThat(accepted, true, () => releaseClaims(db, [delivery])),
    );
    expect(dots).toBe(before);
    expect(await read(delivery)).toMatchObject({ status: 'scheduled', attempt: 0, attempts: [] });
    expect(await events(delivery)).toEqual([]);
  });

  it.each([
    ['to ten senders', () => Array.from({ length: 10 }, () => aSender(courierThat(accepted, true)))],
    [
      'ten times to one, whose connections ask the gate together',
      () => Array<SendDelivery>(10).fill(aSender(courierThat(accepted, true))),
    ],
  ])('lets one dot pass when an order comes %s', async (_what, senders) => {
    const delivery = await storeAndClaim(db);
    const before = dots;
    await Promise.all(senders().map((sender) => sender.run({ ...delivery })));
    expect(dots).toBe(before + 1);
    expect(await read(delivery)).toMatchObject({ status: 'sent', attempt: 1 });
    expect(await events(delivery)).toEqual(['delivery.sent']);
  });

  it('that was opened and not used gives the attempt back', async () => {
    const delivery = await storeAndClaim(db);
    await send(delivery, courierThat({ kind: 'withheld', error: 'the server was gone' }, true));
    const row = await read(delivery);
    expect(row).toMatchObject({ status: 'scheduled', attempt: 0 });
    expect(row.attempts).toMatchObject([{ outcome: 'withheld' }]);
  });
});

describe('an outcome', () => {
  it('is kept while the database is away, and stored when it is back', async () => {
    const delivery = await storeAndClaim(db);
    let failures = 0;
    const flaky = {
      query: (query: Parameters<Database['query']>[0]) => {
        if (query.text.includes('insert into attempts') && failures < 2) {
          failures += 1;
          return Promise.reject(new Error('Connection terminated unexpectedly'));
        }
        return db.query(query);
      },
    };
    await send(delivery, courierThat(accepted, true), flaky as unknown as Database);
    expect(failures).toBe(2);
    expect(await read(delivery)).toMatchObject({ status: 'sent', attempt: 1 });
  });
});
