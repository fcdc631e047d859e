import { describe, expect, it } from '@jest/globals';
import { readStartArguments } from './start-arguments.js';

describe('what stands behind npm start --', () => {
  it('is nothing most of the time', () => {
    expect(readStartArguments([])).toEqual({ help: false, reset: false });
  });

  it('may ask for empty data or for help', () => {
    expect(readStartArguments(['--reset'])).toEqual({ help: false, reset: true });
    expect(readStartArguments(['-h']).help).toBe(true);
  });

  it('is asked for again when npm has kept it', () => {
    const env = { npm_config_reset: 'true' };
    expect(() => readStartArguments([], env)).toThrow('write `npm start -- --reset`');
    expect(readStartArguments(['--reset'], env).reset).toBe(true);
  });

  it('is refused by name when it is unknown', () => {
    expect(() => readStartArguments(['--reset', '--fast'])).toThrow('npm start does not know "--fast"');
  });
});
