import { describe, expect, it } from '@jest/globals';
import { STATES } from './job-segments.js';
import { STATE_WORDS } from './state-words.js';

describe('what the states mean', () => {
  it.each([...STATES, 'not_made_yet', 'ok', 'rejected', 'waiting'])('is said of %s', (state) =>
    expect(STATE_WORDS[state]).toMatch(/\.$/),
  );
});
