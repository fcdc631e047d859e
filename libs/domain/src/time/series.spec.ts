import { describe, expect, it } from '@jest/globals';
import { nextRun } from './repeat.js';
import { firstRun, type RepeatWish, scheduleOfRun, seriesOf, startOfSeries } from './series.js';

const DAILY: RepeatWish = { rule: 'FREQ=DAILY', until: null, overlap: 'skip' };
const BERLIN = { local: '2027-03-28T02:30', timeZone: 'Europe/Berlin' };
const text = (at: number | null) => at && new Date(at).toISOString().slice(0, 16);

describe('a series', () => {
  it('keeps its time of day where its first day has no such time', () => {
    const series = seriesOf(DAILY, BERLIN, startOfSeries(BERLIN));
    const first = firstRun(series, BERLIN, 0) ?? 0;
    expect([text(first), text(nextRun(series, first))]).toEqual(['2027-03-28T01:30', '2027-03-29T00:30']);
  });

  it('without a schedule repeats by UTC', () => {
    const series = seriesOf(DAILY, null, Date.UTC(2027, 2, 27, 9));
    expect(text(nextRun(series, Date.UTC(2027, 2, 28, 9)))).toBe('2027-03-29T09:00');
  });

  it('begins for recipients all over the world where the day begins first, and not when it is past for everybody', () => {
    const local = { local: '2027-05-01T09:00', timeZone: 'recipient' };
    const series = seriesOf(DAILY, local, startOfSeries(local));
    expect(text(firstRun(series, local, Date.UTC(2027, 4, 1, 12)))).toBe('2027-04-30T19:00');
    expect(text(firstRun(series, local, Date.UTC(2027, 4, 1, 21)))).toBe('2027-05-01T19:00');
    expect(scheduleOfRun(local, Date.UTC(2027, 4, 1, 19))).toEqual({ ...local, local: '2027-05-02T09:00' });
  });

  it('that is at its end has no first run', () => {
    const ended = { ...DAILY, until: '2027-03-27T00:00:00.000Z' };
    expect(firstRun(seriesOf(ended, BERLIN, startOfSeries(BERLIN)), BERLIN, 0)).toBeNull();
  });
});
