import { describe, expect, it } from '@jest/globals';
import { resolveAnew, sameTimeNear } from './resolve-anew.js';

const at = (text: string): number => Date.parse(text);
const WISH = { local: '2027-07-01T09:00', timeZone: 'Europe/Berlin' };
const NOW = at('2027-06-30T00:00:00Z');
const was = at('2027-07-01T08:00:00Z');

describe('a wish that is resolved anew', () => {
  it('comes at the instant that its clock says now; null: as it was', () => {
    expect(resolveAnew(WISH, 'Europe/Berlin', { was, now: NOW })).toBe(at('2027-07-01T07:00:00Z'));
    expect(resolveAnew(WISH, 'Europe/London', { was, now: NOW })).toBeNull();
  });

  it('never comes in the past: now, or with next_day on the next day that is not past', () => {
    const now = at('2027-07-01T07:30:00Z');
    expect(resolveAnew(WISH, 'Europe/Berlin', { was, now })).toBe(now);
    const next = { ...WISH, timeZone: 'recipient', ifPast: 'next_day' as const };
    expect(resolveAnew(next, 'Europe/Berlin', { was, now })).toBe(at('2027-07-02T07:00:00Z'));
  });
});

it.each([
  ['2027-07-03T08:00:00Z', '2027-07-03T07:00:00Z'],
  ['2027-12-03T07:00:00Z', '2027-12-03T08:00:00Z'],
])('the wished time of day nearest to %s is at %s', (near, found) => {
  expect(sameTimeNear(WISH, 'Europe/Berlin', at(near))).toBe(at(found));
});

it('the wished time of day nearest to an instant may be on the day before there', () => {
  expect(sameTimeNear({ local: '2027-07-01T23:50' }, 'UTC', at('2027-07-05T00:20:00Z'))).toBe(
    at('2027-07-04T23:50:00Z'),
  );
});
