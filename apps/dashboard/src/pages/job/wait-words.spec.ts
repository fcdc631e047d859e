import { describe, expect, it } from '@jest/globals';
import type { JobWait } from '../../api/job-wait.js';
import { waitInBrief, waitInWords } from './wait-words.js';

const now = new Date(2026, 10, 26, 9, 0, 0).getTime();
const at = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
const limit: JobWait = { reason: 'limit', scope: 'campaign:cmp_01m8', max: 40, windowSeconds: 3_600, used: 40 };

describe('what a job waits for', () => {
  it.each<[Partial<JobWait>, string]>([
    [{ until: at(3_840) }, 'Waits for the limit of this campaign: 40 of 40 in an hour, goes on at 10:04.'],
    [
      { scope: 'tenant', max: 1_000, used: 800, windowSeconds: 86_400 },
      'Waits for the limit of all mail of this tenant: 800 of 1,000 in a day.',
    ],
    [{ scope: 'domain:gmail', windowSeconds: 60 }, 'Waits for the limit of mail to gmail: 40 of 40 in a minute.'],
    [{ scope: 'sender:ada@acme.test', max: null }, 'Waits for the limit of mail from ada@acme.test.'],
    [{ scope: 'provider:prv_01m8', max: null }, 'Waits for the limit of its provider.'],
    [{ scope: null, max: null }, 'Waits for a limit.'],
  ])('is a limit of somebody, without ids: %j', (change, words) => {
    expect(waitInWords({ ...limit, ...change }, 'campaign', now)).toBe(words);
  });

  it.each<[JobWait, string]>([
    [{ reason: 'delay', windowSeconds: 20, until: at(3) }, 'Waits between two copies: 20 s.'],
    [{ reason: 'delay', scope: 'campaign:cmp_01m8', max: 1, windowSeconds: 20 }, 'Waits between two copies: 20 s.'],
    [
      { reason: 'delay', scope: 'domain:gmail', windowSeconds: 20 },
      'Waits between two copies, by the limit of mail to gmail: 20 s.',
    ],
    [{ reason: 'delay', until: at(12) }, 'Waits between two copies, the next one goes in 12 s.'],
    [{ reason: 'delay', until: at(-1) }, 'Waits between two copies.'],
    [{ reason: 'window', until: at(3_840) }, 'Outside the window in which it may be sent, opens at 10:04.'],
    [{ reason: 'retry_backoff', until: at(45) }, 'What did not get through is to be tried again in 45 s.'],
    [{ reason: 'not_due', until: at(3_840) }, 'The next copy is not due yet, goes at 10:04.'],
    [{ reason: 'something_new' }, 'Waits: something new.'],
  ])('is said in plain words: %j', (wait, words) => expect(waitInWords(wait, 'campaign', now)).toBe(words));

  it('has a few words for a table', () => {
    expect(['limit', 'window', 'something_new'].map((reason) => waitInBrief({ reason }))).toEqual([
      'Waits for a limit',
      'Outside its window',
      'Waits',
    ]);
  });
});
