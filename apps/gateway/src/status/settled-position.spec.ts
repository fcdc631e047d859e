import { describe, expect, it } from '@jest/globals';
import { SettledPosition } from './settled-position.js';

describe('the settled position', () => {
  it('follows the events only after a while, so that a late partition leaves nothing out', () => {
    let now = 0;
    const position = new SettledPosition('100', () => now);
    position.see('200');
    now = 4_999;
    position.see('300');
    expect(position.current()).toBe('100');
    now = 5_000;
    expect(position.current()).toBe('200');
    now = 9_999;
    expect(position.current()).toBe('300');
  });

  it('never goes back', () => {
    let now = 0;
    const position = new SettledPosition('100', () => now);
    position.see('300');
    position.see('200');
    now = 60_000;
    expect(position.current()).toBe('300');
  });
});
