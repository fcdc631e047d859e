import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bindingWindows } from './binding-windows.js';
import { localAt } from './local-time.js';
import {
  haveCommonOpening,
  isWindowOpen,
  nextOpening,
  type SendWindow,
  type SendWindows,
  timeOfDay,
  WEEKDAYS,
} from './window.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const WEEKDAY_NAMES: readonly (typeof WEEKDAYS)[number][] = WEEKDAYS;
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Cairo',
  'UTC',
] as const;
const window = (fields: Partial<SendWindow> = {}): SendWindow => ({
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '09:00',
  to: '17:30',
  timeZone: 'Europe/Berlin',
  ...fields,
});
const MONDAY_9 = Date.UTC(2027, 0, 4, 8); // 09:00 in Berlin

/** The rule in words, slowly: whether the clock shows a time inside. */
function clockIsInside(at: number, { days, from, to, timeZone }: SendWindow, recipientZone: string): boolean {
  const local = new Date(localAt(at, timeZone === 'recipient' ? recipientZone : timeZone));
  const today = WEEKDAY_NAMES[(local.getUTCDay() + 6) % 7] ?? 'mon';
  const yesterday = WEEKDAY_NAMES[(local.getUTCDay() + 5) % 7] ?? 'mon';
  const time = local.getTime() % (24 * HOUR);
  const [opens = 0, closes = 0] = [timeOfDay(from), timeOfDay(to)];
  if (opens < closes) return days.includes(today) && time >= opens && time < closes;
  return (days.includes(today) && time >= opens) || (days.includes(yesterday) && time < closes);
}

const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => {
  const pad = (number: number) => String(number).padStart(2, '0');
  return `${pad(Math.floor(quarter / 4))}:${pad((quarter % 4) * 15)}`;
});
const aWindow = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
    from: clock,
    to: clock,
    timeZone: fc.constantFrom(...ZONES, 'recipient'),
  })
  .filter(({ from, to }) => from !== to);
const someWindows = fc.array(fc.array(aWindow, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
/** Around the clock changes of 2027, and any other time. */
const instant = fc.oneof(
  fc.integer({ min: -2_880, max: 2_880 }).map((minutes) => Date.UTC(2027, 2, 28, 1) + minutes * MINUTE),
  fc.integer({ min: -2_880, max: 2_880 }).map((minutes) => Date.UTC(2027, 9, 31, 1) + minutes * MINUTE),
  fc.integer({ min: 0, max: 525_600 }).map((minutes) => Date.UTC(2027, 0, 1) + minutes * MINUTE),
);
const zone = fc.constantFrom(...ZONES);

describe('windows', () => {
  it.each<[string, number, number]>([
    ['are open from their first instant', MONDAY_9, MONDAY_9],
    ['are open until just before their end', MONDAY_9 + 8.5 * HOUR - 1, MONDAY_9 + 8.5 * HOUR - 1],
    ['open the next day', MONDAY_9 + 8.5 * HOUR, MONDAY_9 + 24 * HOUR],
    ['open on Monday', MONDAY_9 + 4 * 24 * HOUR + 9 * HOUR, MONDAY_9 + 7 * 24 * HOUR],
    ['open in summer by the summer clock', Date.UTC(2027, 2, 28, 12), Date.UTC(2027, 2, 29, 7)],
  ])('%s', (_what, at, opening) => {
    expect(nextOpening(at, [[window()]], 'UTC')).toBe(opening);
  });

  it('pass midnight where their end is before their beginning', () => {
    const night = [[window({ days: ['sun'], from: '22:00', to: '06:00', timeZone: 'UTC' })]];
    const monday = Date.UTC(2027, 0, 4);
    expect(isWindowOpen(monday + 6 * HOUR - 1, night, 'UTC')).toBe(true);
    expect(isWindowOpen(monday + 6 * HOUR, night, 'UTC')).toBe(false);
    expect(nextOpening(monday + 6 * HOUR, night, 'UTC')).toBe(monday + (6 * 24 + 22) * HOUR);
  });

  it('that clocks jump over do not open that day', () => {
    const gap = [[window({ days: ['sun'], from: '02:15', to: '02:45' })]];
    expect(nextOpening(Date.UTC(2027, 2, 28, 0), gap, 'UTC')).toBe(Date.UTC(2027, 3, 4, 0, 15));
  });

  it('are open exactly while the clock shows a time inside', () => {
    fc.assert(
      fc.property(instant, someWindows, zone, (at, all, recipientZone) => {
        const inside = all.every((windows) => windows.some((one) => clockIsInside(at, one, recipientZone)));
        expect(isWindowOpen(at, all, recipientZone)).toBe(inside);
      }),
    );
  });

  it('open next at the first instant at which all are open', () => {
    fc.assert(
      fc.property(instant, someWindows, zone, (at, all, recipientZone) => {
        const opening = nextOpening(at, all, recipientZone);
        if (opening === null) return;
        expect(opening).toBeGreaterThanOrEqual(at);
        expect(isWindowOpen(opening, all, recipientZone)).toBe(true);
        // No quarter of an hour before it is open: all windows begin at one, in all these zones.
        const quarter = 15 * MINUTE;
        for (let before = opening - quarter, n = 0; before >= at && n < 700; before -= quarter, n += 1) {
          expect(isWindowOpen(before, all, recipientZone)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('without any are always open', () => {
    expect(nextOpening(MONDAY_9, [], 'UTC')).toBe(MONDAY_9);
    expect(nextOpening(MONDAY_9, [[], []], 'UTC')).toBe(MONDAY_9);
    expect(haveCommonOpening([], MONDAY_9)).toBe(true);
  });

  it('with nothing in common are found out, also where one follows the recipient', () => {
    const weekend: SendWindows = [window({ days: ['sat'], timeZone: 'recipient' })];
    const apart: SendWindows = [window({ days: ['wed'], from: '10:00', to: '11:00', timeZone: 'recipient' })];
    expect(nextOpening(MONDAY_9, [weekend, apart], 'Asia/Tokyo')).toBeNull();
    expect(haveCommonOpening([weekend, apart], MONDAY_9)).toBe(false);
    expect(haveCommonOpening([[window()], apart], MONDAY_9)).toBe(true);
    expect(haveCommonOpening([[window({ to: '09:30' })], [window({ from: '09:30' })]], MONDAY_9)).toBe(false);
    // Not for whoever lives at the other end of the world, but for others.
    const office: SendWindows = [window({ from: '10:00', to: '11:00', timeZone: 'recipient' })];
    const ours: SendWindows = [window({ from: '10:00', to: '11:00' })];
    expect(haveCommonOpening([office, ours], MONDAY_9)).toBe(true);
    expect(nextOpening(MONDAY_9, [office, ours], 'Asia/Tokyo')).toBeNull();
  });

  it('are asked a hundred thousand times in a moment', () => {
    const all = [[window({ timeZone: 'recipient' })], [window({ from: '08:00', to: '20:00' })]];
    const began = performance.now();
    for (let i = 0; i < 100_000; i += 1)
      nextOpening(MONDAY_9 + (i % 10_000) * MINUTE, all, ZONES[i % ZONES.length] ?? 'UTC');
    expect(performance.now() - began).toBeLessThan(5_000); // far less where nothing else is to do
  });

  it('of a tenant bind every email but a one-time password; those of an email always do', () => {
    const [tenantWindows, windows] = [[window()], [window({ days: ['sat'] })]];
    expect(bindingWindows({ class: 'bulk', tenantWindows, windows })).toEqual([tenantWindows, windows]);
    expect(bindingWindows({ class: 'otp', tenantWindows, windows })).toEqual([windows]);
    expect(bindingWindows({ class: 'transactional', tenantWindows: [], windows: [] })).toEqual([]);
  });
});
