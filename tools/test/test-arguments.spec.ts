import { describe, expect, it } from '@jest/globals';
import { readTestArguments } from './test-arguments.js';

describe('the arguments of the tests', () => {
  it('mean everything when there are none', () => {
    expect(readTestArguments([])).toEqual({
      help: false,
      projects: ['unit', 'int', 'journeys'],
      jestArguments: [],
      paths: [],
    });
  });

  it('name projects first; the rest is for jest', () => {
    expect(readTestArguments(['int', 'libs/storage', '-t', 'unit'])).toEqual({
      help: false,
      projects: ['int'],
      jestArguments: ['libs/storage', '-t', 'unit'],
      paths: ['libs/storage'],
    });
  });

  it('are paths when they are no options, nor may be the value of one', () => {
    expect(readTestArguments(['--bail=2', 'libs/http', '--testTimeout', '9', 'apps']).paths).toEqual([
      'libs/http',
      'apps',
    ]);
  });

  it('may ask for help', () => {
    expect(readTestArguments(['unit', '--help']).help).toBe(true);
  });
});
