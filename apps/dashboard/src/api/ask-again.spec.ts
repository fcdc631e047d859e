import { describe, expect, it } from '@jest/globals';
import { MailtideError } from '#client';
import { askAgainAfter } from './ask-again.js';
import type { JobFact } from './newer-job.js';

const jobs = (...statuses: JobFact['status'][]) => statuses.map((status) => ({ status }) as JobFact);
const away = new MailtideError({ code: 'unreachable', status: 0, detail: '' });

describe('how often jobs are read again', () => {
  it('is every 2 s where nobody tells, and slowly where somebody does', () => {
    expect(askAgainAfter(jobs('running'), 'away')).toBe(2_000);
    expect(askAgainAfter(jobs('completed', 'running'), 'live')).toBe(10_000);
  });

  it('is never, when they are over and whoever opens them again tells', () => {
    expect(askAgainAfter(jobs('completed', 'cancelled'), 'live')).toBe(false);
    expect(askAgainAfter(jobs('completed'), 'live', away)).toBe(10_000);
  });

  it('goes on when there was no answer, and ends at a refusal', () => {
    expect(askAgainAfter(undefined, 'connecting', away)).toBe(3_000);
    const refused = new MailtideError({ code: 'not_found', status: 404, detail: '' });
    expect(askAgainAfter(undefined, 'connecting', refused)).toBe(false);
  });
});
