import { describe, expect, it } from '@jest/globals';
import { LEASE_MS, SenderLease } from './sender-lease.js';

describe('the permission to send', () => {
  it.each([
    ['fresh', 0, 0, false],
    ['at its end', LEASE_MS, LEASE_MS, false],
    ['too old: the process was stopped', LEASE_MS + 1, 0, true],
    ['too old by the wall clock: the machine was suspended', 0, LEASE_MS + 1, true],
    ['on a wall clock that was set back', 0, -LEASE_MS - 1, true],
  ])('is %s', (_what, monotonic, wall, isOver) => {
    let [monotonicMs, wallMs] = [5, 1_800_000_000_000];
    const lease = new SenderLease(
      LEASE_MS,
      () => monotonicMs,
      () => wallMs,
    );
    monotonicMs += monotonic;
    wallMs += wall;
    expect(lease.isOver()).toBe(isOver);
  });
});
