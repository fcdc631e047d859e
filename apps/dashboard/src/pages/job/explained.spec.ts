import { describe, expect, it } from '@jest/globals';
import { explained } from './explained.js';

describe('what explains why a job stands still', () => {
  it('is its campaign, of the same id', () => {
    expect(explained({ id: 'job_01m8ax5ck6', kind: 'campaign' })).toBe('cmp_01m8ax5ck6');
  });

  it('is one of its copies, where it has no campaign', () => {
    expect(explained({ id: 'job_01m8ax5ck6', kind: 'batch' })).toBe('dl_…');
  });
});
