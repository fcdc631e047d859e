import { expect, it } from '@jest/globals';
import { event } from './pace/events.js';
import { knownProgress } from './known-progress.js';

const told = (data: object, type = 'job.progress') => event(type, 1, { jobId: 'job_a', ...data });

it.each([
  ['older numbers', told({ version: 2, progress: 0.4 }), true],
  ['the same numbers', told({ version: 2, progress: 0.5 }), false],
  ['newer numbers', told({ version: 2, progress: 0.6 }), false],
  ['numbers that a retry took back', told({ version: 3, progress: 0.1 }), false],
  ['numbers from before a retry', told({ version: 1, progress: 1 }), true],
  ['the end', told({ version: 2, progress: 0.4 }, 'job.completed'), false],
])('of what a snapshot is ahead of, %s are known: %#', (_what, each, isKnown) => {
  expect(knownProgress([{ id: 'job_a', version: 2, progress: 0.5 }])(each)).toBe(isKnown);
});

it('nothing is known of a job that is not in the snapshot', () => {
  expect(knownProgress([])(told({ version: 1, progress: 0 }))).toBe(false);
});
