import { describe, expect, it } from '@jest/globals';
import type { JobFact } from '../../api/newer-job.js';
import { blockedActions } from './blocked-actions.js';

const job = (status: JobFact['status'], failed = 0) => ({ status, counts: { failed } }) as JobFact;
const open = (of: JobFact) =>
  Object.entries(blockedActions(of)).flatMap(([name, why]) => (why === undefined ? [name] : []));

describe('what can be done to a job', () => {
  it.each([
    ['scheduled', ['pause', 'cancel']],
    ['running', ['pause', 'cancel']],
    ['paused', ['resume', 'cancel']],
    ['completed', []],
    ['cancelled', []],
  ] as const)('while it is %s is %j', (status, actions) => expect(open(job(status))).toEqual(actions));

  it('includes to send again what failed, even when it is over', () => {
    expect(open(job('completed_with_errors', 3))).toEqual(['retry']);
    expect(open({ status: 'completed', counts: null } as JobFact)).toEqual([]);
  });
});
