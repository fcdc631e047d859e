import { describe, expect, it } from '@jest/globals';
import { readTestArguments } from './test-arguments.js';

describe('the arguments of the tests', () => {
  it('mean everything when there are none', () => {
    expect(readTestArguments([])).toEqual({ projects: ['unit', 'int', 'journeys'], jestArguments: [] });
  });

  it('name projects first; the rest is for jest', () => {
    expect(readTestArguments(['int', 'libs/storage', '-t', 'unit'])).toEqual({
      projects: ['int'],
      jestArguments: ['libs/storage', '-t', 'unit'],
    });
  });
});
