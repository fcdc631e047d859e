import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Outcome } from '#domain';
import {
  admission,
  afterAttempt,
  type Breaker,
  CLOSED,
  DEFAULT_BREAKER_TIMINGS as TIMINGS,
  FAULTS_TO_OPEN,
  type Health,
  healthOf,
  probing,
} from './breaker.js';

const open = (opened = 1, leftSeconds = 10): Breaker => ({ state: 'open', opened, leftSeconds });
const halfOpen = (opened = 1, leftSeconds = 10): Breaker => ({ state: 'half_open', opened, leftSeconds });
const row = (faultsInRow: number, isProbe = false) => ({ faultsInRow, isProbe });
const health = fc.constantFrom<Health>('well', 'fault', 'outage');

describe("a provider's breaker", () => {
  it.each<[string, Breaker, Health, ReturnType<typeof row>, object | null]>([
    ['opens at once when nobody can log in', CLOSED, 'outage', row(1), { state: 'open', opened: 1, seconds: 30 }],
    ['bears some faults', CLOSED, 'fault', row(FAULTS_TO_OPEN - 1), null],
    ['opens after a row of faults', CLOSED, 'fault', row(FAULTS_TO_OPEN), { state: 'open', opened: 1, seconds: 30 }],
    ['stays closed while all is well', CLOSED, 'well', row(0), null],
    ['is not closed by what began before it opened', open(), 'well', row(0), null],
    ['is not opened again by what began before it opened', open(), 'outage', row(9), null],
    ['closes on the probe', halfOpen(3), 'well', row(0, true), { state: 'closed', opened: 0, seconds: 0 }],
    [
      'opens for longer when the probe fails',
      halfOpen(1),
      'fault',
      row(1, true),
      { state: 'open', opened: 2, seconds: 60 },
    ],
    [
      'opens for a minute at the longest',
      halfOpen(40),
      'outage',
      row(1, true),
      { state: 'open', opened: 41, seconds: 60 },
    ],
  ])('%s', (_what, breaker, how, told, move) => {
    expect(afterAttempt(breaker, how, told, TIMINGS)).toEqual(move);
  });

  it.each<[string, Breaker, string]>([
    ['lets everything pass while closed', CLOSED, 'go'],
    ['lets nothing pass while open', open(1, 0.1), 'wait'],
    ['asks for one probe when its time is over', open(1, 0), 'probe'],
    ['waits for the probe that is under way', halfOpen(1, 5), 'wait'],
    ['asks for another probe when one was lost', halfOpen(1, -1), 'probe'],
  ])('%s', (_what, breaker, answer) => expect(admission(breaker)).toBe(answer));

  it('never stays shut for longer than its longest, and closes on a probe only, on any walk', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(health, fc.boolean(), fc.nat({ max: 9 })), { maxLength: 60 }), (steps) => {
        let breaker: Breaker = CLOSED;
        for (const [how, timeIsOver, faultsInRow] of steps) {
          const now: Breaker = { ...breaker, leftSeconds: timeIsOver ? 0 : breaker.leftSeconds };
          const isProbe = admission(now) === 'probe';
          const before: Breaker = isProbe ? moved(probing(now, TIMINGS)) : now;
          const move = afterAttempt(before, how, row(faultsInRow, isProbe), TIMINGS);
          if (move?.state === 'closed') expect([isProbe, how]).toEqual([true, 'well']);
          if (move) expect(move.seconds).toBeLessThanOrEqual(TIMINGS.longestSeconds);
          if (move?.state === 'open') expect(move.opened).toBe(before.opened + 1);
          breaker = move ? moved(move) : before;
        }
      }),
    );
  });
});

const moved = ({ state, opened, seconds }: { state: Breaker['state']; opened: number; seconds: number }): Breaker => ({
  state,
  opened,
  leftSeconds: seconds,
});

describe('what an attempt tells of its provider', () => {
  const reply = { code: 451, enhanced: '4.3.0', text: 'later' };
  it.each<[string, Outcome, Health]>([
    ['a login that is refused', { kind: 'provider_fault', phase: 'connecting', reply, error: null }, 'outage'],
    ['a sender that is refused', { kind: 'provider_fault', phase: 'envelope', reply, error: null }, 'fault'],
    ['a connection that is refused', { kind: 'temporary', phase: 'connecting', reply: null, error: 'x' }, 'fault'],
    ['a connection that breaks', { kind: 'temporary', phase: 'envelope', reply: null, error: 'x' }, 'fault'],
    ['a server that is busy', { kind: 'temporary', phase: 'connecting', reply, error: null }, 'well'],
    [
      'a recipient that is refused',
      { kind: 'permanent', phase: 'envelope', reply, reason: 'bad_recipient', error: null },
      'well',
    ],
    ['a body that was taken', { kind: 'unknown', phase: 'dot_released', error: 'x' }, 'well'],
    ['our own gate', { kind: 'refused' }, 'well'],
  ])('%s', (_what, outcome, expected) => expect(healthOf(outcome)).toBe(expected));
});
