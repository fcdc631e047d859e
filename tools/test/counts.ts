export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The part of jest's `--json` that is counted. */
export interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that could not be run at all: their tests are in none of the other numbers. */
  readonly numRuntimeErrorTestSuites: number;
  readonly success: boolean;
  /** A test file each. */
  readonly testResults: readonly { readonly name: string }[];
}

/** Jest's result among what a run has written to stdout: its last whole line that is one, or undefined. */
export function jestResultIn(output: string): JestResult | undefined {
  const line = output
    .split('\n')
    .slice(0, -1)
    .findLast((text) => text.startsWith('{"numFailed'));
  return line === undefined ? undefined : (JSON.parse(line) as JestResult);
}

/** A file that cannot be run is one failure; so is a jest that failed without naming a test, or said nothing at all. */
export function countsOf(result: JestResult | undefined, status: number): Counts {
  if (result === undefined) return { ...NONE, failed: 1 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

export const countsLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
