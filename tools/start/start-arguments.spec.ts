import { describe, expect, it } from '@jest/globals';
import { readStartArguments } from './start-arguments.js';

describe('what stands behind npm start --', () => {
  it('is nothing most of the time', () => {
    expect(readStartArguments([])).toEqual({ help: false, reset: false, replicas: 1 });
  });

  it('may ask for empty data or for help', () => {
    expect(readStartArguments(['--reset'])).toEqual({ help: false, reset: true, replicas: 1 });
    expect(readStartArguments(['-h']).help).toBe(true);
  });

  it('is asked for again when npm has kept it', () => {
    const env = { npm_config_reset: 'true' };
    expect(() => readStartArguments([], env)).toThrow('write `npm start -- --reset`');
    expect(readStartArguments(['--reset'], env).reset).toBe(true);
  });

  it('is refused by name when it is unknown', () => {
    expect(() => readStartArguments(['--reset', '--fast'])).toThrow("npm start: Unknown option '--fast'");
  });

  it('may ask for several of each app, within reason', () => {
    expect(readStartArguments(['--replicas', '2']).replicas).toBe(2);
    expect(readStartArguments(['--replicas=3']).replicas).toBe(3);
    for (const wrong of ['0', '9', 'two', '1.5']) {
      expect(() => readStartArguments(['--replicas', wrong])).toThrow('--replicas is a number from 1 to 8');
    }
    expect(() => readStartArguments(['2'], { npm_config_replicas: 'true' })).toThrow('npm start -- --replicas');
  });
});
