import { describe, expect, it } from '@jest/globals';
import { fits, isNewcomer } from './jobs-page.js';
import type { JobFact } from './newer-job.js';

const job = (change: Partial<JobFact> = {}) =>
  ({ id: 'job_2', kind: 'batch', status: 'running', ownerId: '1', ...change }) as JobFact;

describe('whether a job belongs into a list', () => {
  it('follows from the filters', () => {
    expect(fits(job(), {})).toBe(true);
    expect(fits(job(), { kind: ['batch', 'bulk'], status: ['running'], active: 'true', ownerId: '1' })).toBe(true);
  });

  it.each([
    { kind: ['bulk' as const] },
    { status: ['paused' as const] },
    { active: 'false' as const },
    { ownerId: '2' },
  ])('is no for %j', (query) => expect(fits(job(), query)).toBe(false));
});

describe('a job that was told of', () => {
  const list = [job({ id: 'job_3' }), job({ id: 'job_1' })];

  it('makes the list be read again when it is newer than all in it, and fits', () => {
    expect(isNewcomer(list, job({ id: 'job_4' }), {})).toBe(true);
    expect(isNewcomer([], job(), {})).toBe(true);
  });

  it('does not when it is in it, on another page, or filtered out', () => {
    expect(isNewcomer(list, job({ id: 'job_3' }), {})).toBe(false);
    expect(isNewcomer(list, job({ id: 'job_2' }), {})).toBe(false);
    expect(isNewcomer(list, job({ id: 'job_4' }), { ownerId: '2' })).toBe(false);
  });
});
