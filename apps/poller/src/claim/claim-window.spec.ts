import { describe, expect, it } from '@jest/globals';
import { ClaimWindow } from './claim-window.js';

describe('how many deliveries may be queued', () => {
  it('is 20,000 while the senders keep up, so that a burst is claimed ahead of its time', () => {
    const window = new ClaimWindow(20);
    for (let batch = 0; batch < 20; batch += 1) {
      expect(window.fits(1_000)).toBe(true);
      window.claimed(1_000);
    }
    expect(window.fits(1_000)).toBe(false);
  });

  it('is what slow senders finish within half a grant', () => {
    let now = 0;
    const window = new ClaimWindow(20, () => now);
    window.counted(0);
    window.claimed(20_000);
    now = 10_000;
    window.counted(16_000); // 400 a second: 4,000 in ten seconds
    expect(window.fits(1)).toBe(false);
    now = 20_000;
    window.counted(3_000); // 1,300 a second
    expect(window.fits(10_000)).toBe(true);
    expect(window.fits(10_001)).toBe(false);
  });

  it('never shrinks below 2,000: nobody is idle while work waits', () => {
    let now = 0;
    const window = new ClaimWindow(20, () => now);
    window.counted(0);
    window.claimed(5_000);
    now = 60_000;
    window.counted(1_500);
    expect(window.fits(500)).toBe(true);
  });

  it('opens again when everything is gone', () => {
    let now = 0;
    const window = new ClaimWindow(20, () => now);
    window.counted(0);
    window.claimed(5_000);
    now = 60_000;
    window.counted(4_900);
    expect(window.fits(1_000)).toBe(false);
    now = 70_000;
    window.counted(0);
    expect(window.fits(20_000)).toBe(true);
  });
});
