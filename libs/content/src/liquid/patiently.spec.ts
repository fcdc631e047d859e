import { describe, expect, it } from '@jest/globals';
import { patiently } from './patiently.js';
import { TookTooLong, within } from './watchdog.js';

function busy(milliseconds: number): void {
  const { user, system } = process.cpuUsage();
  const used = () => process.cpuUsage({ user, system });
  for (let spent = used(); (spent.user + spent.system) / 1_000 < milliseconds; spent = used());
}

describe('what takes longer than it may', () => {
  it('tries again when the machine was busy with something else', () => {
    let tries = 0;
    const work = () => {
      tries += 1;
      if (tries < 4) throw new TookTooLong(200);
      return 'done';
    };
    expect(patiently(10_000, work)).toBe('done');
  });

  it('does not when it had the processor for that long', () => {
    let tries = 0;
    const work = () => {
      tries += 1;
      busy(20);
      throw new TookTooLong(20);
    };
    expect(() => patiently(20, work)).toThrow(TookTooLong);
    expect(tries).toBe(1);
  });

  it('does not try for ever', () => {
    let tries = 0;
    const work = () => {
      tries += 1;
      throw new TookTooLong(200);
    };
    expect(() => patiently(1_000_000, work)).toThrow(TookTooLong);
    expect(tries).toBe(20);
  });

  it('fails at once with any other error', () => {
    expect(() => patiently(200, () => JSON.parse('{') as unknown)).toThrow(SyntaxError);
  });
});

describe('the watchdog', () => {
  it('gives out what was made in time, and what was thrown', () => {
    expect(within(5_000, () => [1, 2])).toEqual([1, 2]);
    expect(within(5_000, () => undefined)).toBeUndefined();
    expect(() => within(5_000, () => JSON.parse('{') as unknown)).toThrow(SyntaxError);
  });

  it('ends a loop and an expression that never end', () => {
    expect(() => within(50, () => busy(1_000_000))).toThrow(TookTooLong);
    expect(() => within(50, () => /^(a+)+$/.test(`${'a'.repeat(40)}b`))).toThrow(TookTooLong);
    expect(within(5_000, () => 'still there')).toBe('still there');
  });
});
