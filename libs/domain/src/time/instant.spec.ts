import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseInstant, resolveDueAt } from './instant.js';

describe('an instant', () => {
  it.each([
    ['2027-01-05T09:00:00Z', '2027-01-05T09:00:00.000Z'],
    ['2027-01-05t09:00:00z', '2027-01-05T09:00:00.000Z'],
    ['2027-01-05T10:00:00+01:00', '2027-01-05T09:00:00.000Z'],
    ['2027-01-05T09:00:00.1239Z', '2027-01-05T09:00:00.123Z'],
    ['2028-02-29T00:00:00-05:30', '2028-02-29T05:30:00.000Z'],
  ])('%s is read', (text, iso) => {
    const parsed = parseInstant(text);
    expect(parsed.kind === 'ok' && new Date(parsed.at).toISOString()).toBe(iso);
  });

  it.each([
    ['tomorrow', 'bad_time'],
    ['', 'bad_time'],
    ['2027-02-29T09:00:00Z', 'bad_time'],
    ['2027-13-01T09:00:00Z', 'bad_time'],
    ['2027-01-05T24:00:00Z', 'bad_time'],
    ['2027-01-05T09:00:00+25:00', 'bad_time'],
    ['1800000000', 'bad_time'],
    ['2027-01-05', 'bad_time'],
    ['2027-01-05T09:00:00', 'time_without_zone'],
    ['2027-01-05 09:00', 'time_without_zone'],
    ['2100-01-01T00:00:00Z', 'out_of_range'],
  ])('%j is refused: %s', (text, code) => {
    expect(parseInstant(text)).toMatchObject({ kind: 'bad', code });
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          expect(parseInstant(date.toISOString())).toEqual({ kind: 'ok', at: date.getTime() });
        },
      ),
    );
  });
});

describe('the due time', () => {
  const now = Date.UTC(2027, 0, 5, 9);

  it('is the wish, or now when there is none or it has just passed', () => {
    expect(resolveDueAt(null, now, false)).toEqual({ kind: 'due', at: now });
    expect(resolveDueAt(now + 1, now, false)).toEqual({ kind: 'due', at: now + 1 });
    expect(resolveDueAt(now - 60_000, now, false)).toEqual({ kind: 'due', at: now });
  });

  it('is refused when it is past, unless that is allowed', () => {
    expect(resolveDueAt(now - 60_001, now, false)).toMatchObject({ kind: 'in_past' });
    expect(resolveDueAt(now - 1e9, now, true)).toEqual({ kind: 'due', at: now });
  });
});
