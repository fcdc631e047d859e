import { describe, expect, it } from '@jest/globals';
import { missedOf } from './missed.js';

const NOW = Date.UTC(2027, 0, 5, 9);
const HOUR_MS = 3_600_000;
const copies = (count: number, dueMs: number) => Array.from({ length: count }, () => ({ dueMs, graceSeconds: 3_600 }));
const unpaced = { delaySeconds: 0, hourlyLimit: null };
const line = (readyMs: number, pacing: { delaySeconds: number; hourlyLimit: number | null } = unpaced) => ({
  readyMs,
  pacedMs: null,
  pacing,
});

describe('what a line misses', () => {
  it('is all that was due, where nothing held it back and nobody looked for longer than the grace', () => {
    const due = [...copies(3, NOW - 5 * HOUR_MS), ...copies(2, NOW - HOUR_MS / 2)];
    expect(missedOf(line(NOW - 2 * HOUR_MS), due, NOW).count).toBe(3);
  });

  it('is nothing of a line that was looked at, however long its copies have been due', () => {
    expect(missedOf(line(NOW - 1_000), copies(3, NOW - 5 * HOUR_MS), NOW).count).toBe(0);
    const taken = { ...line(NOW - 5 * HOUR_MS), pacedMs: NOW - 1_000 };
    expect(missedOf(taken, copies(3, NOW - 5 * HOUR_MS), NOW).count).toBe(0);
  });

  it('is as much as its pace had let go, batch by batch as at once', () => {
    const paced = line(NOW - 3 * HOUR_MS, { delaySeconds: 60, hourlyLimit: null });
    const due = copies(200, NOW - 5 * HOUR_MS);
    expect(missedOf(paced, due, NOW).count).toBe(120);
    const first = missedOf(paced, due.slice(0, 50), NOW);
    expect([first.count, missedOf({ ...paced, pacedMs: first.lastMs }, due.slice(50), NOW).count]).toEqual([50, 70]);
  });
});
