import { describe, expect, it } from '@jest/globals';
import { addCounts, countsLine, countsOf, jestResultIn } from './counts.js';

const result = {
  numFailedTests: 0,
  numPassedTests: 7,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  success: true,
  testResults: [],
};

describe('the count of a test run', () => {
  it('is one plain line', () => {
    expect(countsLine(countsOf(result, 0))).toBe('7 passed, 0 failed');
    expect(countsLine(countsOf({ ...result, numPendingTests: 2, numTodoTests: 1 }, 0))).toBe(
      '7 passed, 0 failed, 3 skipped',
    );
  });

  it('has a failure for a file that could not be run', () => {
    expect(countsOf({ ...result, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }, 1).failed).toBe(3);
  });

  it('never says that all is well when jest does not', () => {
    expect(countsOf(result, 1).failed).toBe(1);
    expect(countsOf(undefined, 0).failed).toBe(1);
  });

  it('is found among what tests have written themselves, once it is whole', () => {
    const written = `hello\n${JSON.stringify(result)}`;
    expect(jestResultIn(written)).toBeUndefined();
    expect(jestResultIn(`${written}\n`)).toEqual(result);
  });

  it('is the sum of its parts', () => {
    const part = { passed: 1, failed: 2, skipped: 3 };
    expect(addCounts(part, part)).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
