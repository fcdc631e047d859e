import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_TIMINGS, type Outcome, type ProviderId, type Reply } from '#domain';
import { EVENTS } from '#events';
import { type ClaimedDelivery, newId, type SettleAsk } from '#storage';
import { aDelivery } from '../testing/claimed-delivery.js';
import { shutForSeconds } from './into-windows.js';
import { settleAsk } from './settle-ask.js';
import { suppressedAsk } from './suppressed-ask.js';

const ok: Reply = { code: 250, enhanced: '2.0.0', text: '2.0.0 accepted as 17' };
const busy: Reply = { code: 451, enhanced: '4.3.0', text: '4.3.0 try later' };
const nobody: Reply = { code: 550, enhanced: '5.1.1', text: '5.1.1 no such user' };
const times = { connectMs: 1, envelopeMs: 2, armMs: 3, replyMs: 4 };
const providerId = newId<ProviderId>();

const accepted: Outcome = { kind: 'accepted', phase: 'reply_received', reply: ok };
const temporary: Outcome = { kind: 'temporary', phase: 'reply_received', reply: busy, error: null };
const cut: Outcome = { kind: 'temporary', phase: 'connecting', reply: null, error: 'ECONNREFUSED' };
const permanent: Outcome = {
  kind: 'permanent',
  phase: 'envelope',
  reply: nobody,
  reason: 'bad_recipient',
  error: null,
};
const fault: Outcome = {
  kind: 'provider_fault',
  phase: 'connecting',
  reply: { code: 535, enhanced: null, text: 'no' },
  error: null,
};
const unknown: Outcome = { kind: 'unknown', phase: 'dot_released', error: 'the connection closed' };
const withheld: Outcome = { kind: 'withheld', error: 'the gate answered too late' };

const ENDED = {
  providerId,
  armed: true,
  armedAttempt: 1,
  tookMs: 1_000,
  isMade: true,
  providerBackSeconds: 30,
} as const;

function ask(outcome: Outcome, wish: Partial<ClaimedDelivery> = {}, armed = false): SettleAsk | null {
  const ended = {
    attempt: { outcome, ...times, conversation: ['> RCPT TO:<ada@example.com>', '< 451 4.3.0 try later \0'] },
    providerId,
    armed,
    armedAttempt: armed ? 5 : undefined,
    tookMs: 1_000,
    isMade: true,
    providerBackSeconds: 30,
  };
  return settleAsk(aDelivery({ attempt: 4, ...wish }), ended, 1_000, 0, DEFAULT_TIMINGS);
}

describe('what is stored of an attempt that ended', () => {
  it.each<[string, Outcome, boolean, Partial<ClaimedDelivery>, Partial<SettleAsk>, string | null]>([
    ['accepted', accepted, true, {}, { status: 'sent', reply: ok, counts: true, reason: null }, 'delivery.sent'],
    [
      'told to try later',
      temporary,
      true,
      {},
      { status: 'scheduled', delaySeconds: 7_200, reply: busy, reason: null, counts: true },
      'delivery.retrying',
    ],
    [
      'not even connected',
      cut,
      false,
      {},
      { status: 'scheduled', error: 'ECONNREFUSED', armed: false, attempt: 5 },
      'delivery.retrying',
    ],
    [
      'told to try later, beyond its time',
      temporary,
      true,
      { budgetLeftSeconds: 60 },
      { status: 'failed', reason: 'time_budget_spent' },
      'delivery.failed',
    ],
    [
      'not wanted',
      permanent,
      false,
      {},
      { status: 'failed', reason: 'bad_recipient', reply: nobody },
      'delivery.failed',
    ],
    [
      'refused to us',
      fault,
      false,
      {},
      { status: 'scheduled', reason: 'provider_down', delaySeconds: 30, counts: false },
      null,
    ],
    [
      'refused to us, beyond its time',
      fault,
      false,
      { budgetLeftSeconds: 0 },
      { status: 'failed', reason: 'time_budget_spent', counts: false },
      'delivery.failed',
    ],
    ['unknown', unknown, true, {}, { status: 'sending', holdSeconds: 600, reason: null }, null],
    ['unknown again', unknown, true, { resends: 1 }, { status: 'unknown', reason: 'ambiguous' }, 'delivery.unknown'],
    [
      'not wanted when it was sent once more',
      permanent,
      false,
      { resends: 1 },
      { status: 'unknown', reason: 'ambiguous', reply: nobody, isHardBounce: true, deadLetter: null },
      'delivery.unknown',
    ],
    [
      'unknown, wanted at most once',
      unknown,
      true,
      { onUnknown: 'at_most_once' },
      { status: 'unknown', reason: 'ambiguous' },
      'delivery.unknown',
    ],
    [
      'withheld',
      withheld,
      true,
      {},
      { status: 'scheduled', delaySeconds: 1, counts: false, phase: 'before_dot' },
      null,
    ],
  ])('%s', (_what, outcome, armed, wish, expected, event) => {
    const stored = ask(outcome, wish, armed);
    expect(stored).toMatchObject({ ...expected, armed, attempt: 5, outcome: outcome.kind, providerId, ...times });
    expect(stored?.event?.type ?? null).toBe(event);
  });

  it('is no attempt where none was made, and what has no time left is a dead letter of its reason', () => {
    const attempt = { outcome: fault, ...times, conversation: [] };
    const ended = { attempt, providerId: null, armed: false, armedAttempt: undefined, tookMs: 1, isMade: false };
    const none = { ...ended, providerBackSeconds: null };
    expect(settleAsk(aDelivery(), none, 1, 0, DEFAULT_TIMINGS)).toMatchObject({ outcome: null, counts: false });
    expect(settleAsk(aDelivery({ budgetLeftSeconds: 0 }), none, 1, 0, DEFAULT_TIMINGS)).toMatchObject({
      reason: 'no_provider',
      deadLetter: { reason: 'no_provider', attempts: 0, conversation: [] },
    });
  });

  it('is a dead letter with the last conversation when its time is spent, and none when it was refused for good', () => {
    expect(ask(temporary, { budgetLeftSeconds: 60 }, true)?.deadLetter).toMatchObject({
      reason: 'time_budget_spent',
      attempts: 5,
      error: '451 4.3.0 try later',
      conversation: ['> RCPT TO:<ada@example.com>', '< 451 4.3.0 try later \ufffd'],
    });
    expect(ask(permanent)).toMatchObject({ deadLetter: null, isHardBounce: true });
    expect(ask(temporary)).toMatchObject({ deadLetter: null, isHardBounce: false });
  });

  it('teaches nothing about an address that a load test made up', () => {
    expect(ask(permanent, { address: 'n0000001+bounce@load.test' })).toMatchObject({
      status: 'failed',
      isHardBounce: false,
    });
  });

  it('is unknown, not suppressed, when it was to be sent once more', () => {
    expect(suppressedAsk(aDelivery())).toMatchObject({ status: 'suppressed', reason: 'recipient_suppressed' });
    const again = suppressedAsk(aDelivery({ resends: 1, possibleDuplicate: true }));
    expect(again).toMatchObject({ status: 'unknown', reason: 'ambiguous', event: { type: 'delivery.unknown' } });
  });

  it('waits for the windows of its email where they are shut when it would be tried again', () => {
    const day = { days: ['tue'], timeZone: 'UTC' } as const; // it was due on Tuesday, at 09:00
    const windows = [
      [
        { ...day, from: '09:00', to: '10:00' },
        { ...day, from: '12:00', to: '13:00' },
      ],
    ];
    const again = ask(temporary, { windows }, true); // in two hours, but for the windows
    expect(again?.delaySeconds).toBeCloseTo(3 * 3_600 - 1);
    expect(again?.reason).toBe('window');
    const soon = settleAsk(
      aDelivery({ windows }),
      { ...ENDED, attempt: { outcome: temporary, ...times, conversation: [] } },
      1_000,
      0,
      DEFAULT_TIMINGS,
    );
    expect(soon).toMatchObject({ delaySeconds: 60, reason: null });
  });

  it('is held by windows that were open when it was wished for, whatever has moved it since', () => {
    const windows = [[{ days: ['tue'], from: '09:00', to: '17:00', timeZone: 'UTC' } as const]];
    const late = { windows, loadedMs: Date.UTC(2027, 0, 5, 17, 3) };
    const aWeek = 7 * 86_400 - 8 * 3_600 - 180;
    expect(shutForSeconds(aDelivery(late), 0)).toBe(aWeek);
    // Its provider was away: it was put off until they had shut.
    expect(shutForSeconds(aDelivery({ ...late, dueMs: Date.UTC(2027, 0, 5, 17, 3) }), 0)).toBe(aWeek);
    // It was made due while they were shut: somebody said to ignore them.
    expect(shutForSeconds(aDelivery({ ...late, eligibleMs: Date.UTC(2027, 0, 5, 17, 1) }), 0)).toBe(0);
    expect(shutForSeconds(aDelivery({ ...late, windows: [] }), 0)).toBe(0);
  });

  it('is held by windows that shut while it waited in the sender', () => {
    const windows = [[{ days: ['tue'], from: '09:00', to: '17:00', timeZone: 'UTC' } as const]];
    const inTime = aDelivery({ windows, loadedMs: Date.UTC(2027, 0, 5, 16, 59) });
    expect(shutForSeconds(inTime, 59_000)).toBe(0);
    expect(shutForSeconds(inTime, 360_000)).toBe(7 * 86_400 - 8 * 3_600 - 300);
    const twoHours = settleAsk(
      inTime,
      { ...ENDED, attempt: { outcome: temporary, ...times, conversation: [] } },
      60_000,
      0,
      DEFAULT_TIMINGS,
    );
    expect(twoHours).toMatchObject({ delaySeconds: 7 * 86_400 - 8 * 3_600, reason: 'window' });
  });

  it('is held by the windows of its campaign, which nobody can ignore, also when that began while they were shut', () => {
    const windows = [[{ days: ['tue', 'wed'], from: '09:00', to: '17:00', timeZone: 'UTC' } as const]];
    const eligibleMs = Date.UTC(2027, 0, 5, 20);
    const loaded = { windows, eligibleMs, dueMs: eligibleMs, loadedMs: Date.UTC(2027, 0, 6, 16, 59, 59) };
    expect(shutForSeconds(aDelivery({ ...loaded, hasOwnData: true }), 0)).toBe(0);
    expect(shutForSeconds(aDelivery({ ...loaded, hasOwnData: true }), 1_000)).toBe(6 * 86_400 - 8 * 3_600);
    expect(shutForSeconds(aDelivery(loaded), 1_000)).toBe(0);
  });

  it('refused: nothing at all', () => {
    expect(ask({ kind: 'refused' })).toBeNull();
  });

  it('events fit their schema and hold no address and no text of a reply', () => {
    for (const [outcome, armed] of [
      [accepted, true],
      [temporary, true],
      [permanent, false],
      [unknown, true],
    ] as const) {
      const event = ask(outcome, { onUnknown: 'at_most_once' }, armed)?.event;
      const definition = EVENTS.find(({ type }) => type === event?.type);
      const filled = {
        ...(JSON.parse(event?.data ?? '') as object),
        at: '2027-01-05T09:00:00.000Z',
        nextAttemptAt: '2027-01-05T09:00:00.000Z',
      };
      expect(definition?.read.safeParse(filled).success).toBe(true);
      expect(event?.data).not.toMatch(/ada|accepted as|try later|no such user/);
    }
  });

  it('can always be stored, whatever a server says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const said = ask({ ...temporary, reply: { ...busy, text }, error: text });
        for (const stored of [said?.reply?.text ?? '', said?.error ?? '']) {
          expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true);
        }
      }),
    );
    expect(ask({ ...accepted, reply: { ...ok, text: 'ok \0\ud800.' } }, {}, true)?.reply?.text).toBe(
      'ok \ufffd\ufffd.',
    );
  });
});
