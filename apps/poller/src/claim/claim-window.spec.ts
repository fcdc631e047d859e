import { describe, expect, it } from '@jest/globals';
import { ClaimWindow } from './claim-window.js';

describe('how many deliveries may be queued', () => {
  it('doubles up to 20,000 while the senders keep up', () => {
    const window = new ClaimWindow('bulk');
    for (const size of [4_000, 8_000, 16_000, 20_000, 20_000]) {
      window.claimed(size - 1);
      expect(window.fits(1)).toBe(true);
      expect(window.fits(2)).toBe(false);
      window.counted(0);
    }
  });

  it('is what slow senders finish within three seconds', () => {
    let now = 0;
    const window = new ClaimWindow('bulk', () => now);
    window.counted(0);
    window.claimed(8_000);
    now = 1_000;
    window.counted(7_000); // 1,000 a second
    expect(window.fits(1)).toBe(false);
    now = 3_000;
    window.counted(2_000); // 2,500 a second
    expect(window.fits(5_500)).toBe(true);
    expect(window.fits(5_501)).toBe(false);
  });

  it('is wide from the start for urgent mail: a burst is handed over at its time', () => {
    const window = new ClaimWindow('transactional');
    window.claimed(19_000);
    expect(window.fits(1_000)).toBe(true);
    expect(window.fits(1_001)).toBe(false);
  });

  it('never shrinks below 2,000: nobody is idle while work waits', () => {
    let now = 0;
    const window = new ClaimWindow('bulk', () => now);
    window.counted(0);
    window.claimed(5_000);
    now = 60_000;
    window.counted(1_500);
    expect(window.fits(500)).toBe(true);
  });

  it('opens again when everything is gone', () => {
    let now = 0;
    const window = new ClaimWindow('bulk', () => now);
    window.counted(0);
    window.claimed(5_000);
    now = 60_000;
    window.counted(4_900);
    expect(window.fits(1_000)).toBe(false);
    now = 70_000;
    window.counted(0);
    expect(window.fits(4_000)).toBe(true);
  });
});
