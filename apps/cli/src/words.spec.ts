import { expect, it } from '@jest/globals';
import type { Campaign } from '#client';
import { copiesLine, uploadedInWords } from './words.js';

it.each([
  [0, '3 recipients, 0 merged, 1 rejected'],
  [2, '3 recipients, 0 merged, 1 rejected, 2 with a time zone that is none'],
])('an upload says what was left out, and bad zones only where there are some: %d', (badTimeZones, words) => {
  expect(uploadedInWords({ accepted: 3, merged: 0, rejected: 1, badTimeZones, total: 3 })).toBe(words);
});

it.each([
  ['nothing while no copy is made yet', 'scheduled', { total: 0 }, 0, /^░{30}   0 %/],
  ['a part of all that there will be', 'running', { total: 2_000, sent: 2_000 }, 4_000, /^█{15}░{15}  50 %/],
  ['all when it has ended without one', 'completed', { total: 0 }, 0, /^█{30} 100 %/],
  ['what is not open of those that are made', 'running', { total: 4, scheduled: 3, sent: 1 }, 0, /  25 %/],
])('the bar of a campaign shows %s', (_what, status, some, expected, line) => {
  const counts = { scheduled: 0, queued: 0, sending: 0, ...some };
  expect(copiesLine({ status, counts } as Campaign, expected)).toMatch(line);
});
