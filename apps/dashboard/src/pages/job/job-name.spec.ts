import { describe, expect, it } from '@jest/globals';
import { jobMarking, jobName } from './job-name.js';

describe('what a job is called', () => {
  const campaign = { id: 'job_01m8ax5ck6e00br10yncb3e22q', kind: 'campaign', name: 'Newsletter May' } as const;

  it('is its name, with its kind beside', () => {
    expect([jobName(campaign), jobMarking(campaign)]).toEqual(['Newsletter May', 'Campaign …b3e22q']);
  });

  it.each([null, undefined])('is its kind where its name is %j', (name) => {
    const loadTest = { ...campaign, kind: 'load_test', name } as const;
    expect([jobName(loadTest), jobMarking(loadTest)]).toEqual(['Load test', '…b3e22q']);
  });
});
