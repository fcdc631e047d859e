import { describe, expect, it } from '@jest/globals';
import type { JobWait } from '../../api/job-wait.js';
import type { JobFact } from '../../api/newer-job.js';
import { hasStalled, waitsOf } from './job-waits.js';

const now = new Date(2026, 10, 26, 9, 0, 0).getTime();
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
const limit: JobWait = { reason: 'limit', scope: 'campaign:cmp_01m8' };
const job = (change: object) => ({ status: 'running', stalled: true, ...change }) as JobFact;

describe('a job that does not move', () => {
  it('has not stalled while something is known to hold it', () => {
    expect(hasStalled(job({ waitingFor: [limit] }), now)).toBe(false);
    expect(hasStalled(job({ waitingFor: [{ ...limit, until: at(-20) }] }), now)).toBe(false);
  });

  it('has when nothing is, or what held it ended long ago', () => {
    expect(hasStalled(job({}), now)).toBe(true);
    expect(hasStalled(job({ waitingFor: [{ ...limit, until: at(-90) }] }), now)).toBe(true);
  });

  it('waits for nothing while it is paused: a person decides', () => {
    expect(waitsOf(job({ status: 'paused', waitingFor: [limit] }), now)).toEqual([]);
  });
});
