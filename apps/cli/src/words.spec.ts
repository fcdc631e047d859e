import { expect, it } from '@jest/globals';
import { uploadedInWords } from './words.js';

it.each([
  [0, '3 recipients, 0 merged, 1 rejected'],
  [2, '3 recipients, 0 merged, 1 rejected, 2 with a time zone that is none'],
])('an upload says what was left out, and bad zones only where there are some: %d', (badTimeZones, words) => {
  expect(uploadedInWords({ accepted: 3, merged: 0, rejected: 1, badTimeZones, total: 3 })).toBe(words);
});
