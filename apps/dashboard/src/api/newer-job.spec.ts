import { describe, expect, it } from '@jest/globals';
import { jobsRead, withJob } from './jobs-in-list.js';
import { type JobFact, newerJob } from './newer-job.js';
import { toldJobs } from './told-jobs.js';

const counts = { total: 9, scheduled: 3, queued: 0, sending: 0, sent: 6 };
const job = (change: object = {}) =>
  ({ object: 'job', id: 'job_2', version: 1, lastActivityAt: '2', rows: null, counts, ...change }) as JobFact;
const known = job();

describe('the newer of two accounts of a job', () => {
  it('is the later one, and what was told where they say the same', () => {
    const later = job({ lastActivityAt: '3' });
    const same = job({ stalled: true });
    expect([newerJob(known, later), newerJob(known, same), newerJob(undefined, later)]).toEqual([later, same, later]);
  });

  it('never goes back', () => {
    expect(newerJob(known, job({ lastActivityAt: '1' }))).toBe(known);
    expect(newerJob(known, job({ counts: { ...counts, scheduled: 4, sent: 5 } }))).toBe(known);
  });

  it('is the one of a later intent, whatever the numbers: a retry opens copies again', () => {
    const retried = job({ version: 2, lastActivityAt: '1', counts: { ...counts, scheduled: 9, sent: 0 } });
    expect(newerJob(known, retried)).toBe(retried);
  });
});

describe('what a job waits for', () => {
  const at = (minute: number) => `2026-12-01T09:0${minute}:00.000Z`;
  const limit = { reason: 'limit', until: at(5) };
  const delay = { reason: 'delay', until: at(1) };
  const running = (change: object = {}) => job({ status: 'running', lastActivityAt: at(1), ...change });
  const waiting = running({ waitingFor: [limit, delay] });

  it('is said by answers alone', () => {
    expect(newerJob(waiting, running({ stalled: true }))).toEqual({ ...waiting, stalled: true });
    expect(newerJob(waiting, running({ waitingFor: [] })).waitingFor).toEqual([]);
  });

  it('holds to its end while events are told, and a delay for longer', () => {
    expect(newerJob(waiting, running({ lastActivityAt: at(4) })).waitingFor).toEqual([limit, delay]);
    expect(newerJob(waiting, running({ lastActivityAt: at(6) })).waitingFor).toEqual([delay]);
  });

  it('is not known any more when the job has changed', () => {
    expect(newerJob(waiting, running({ lastActivityAt: at(4), status: 'completed' })).waitingFor).toBeUndefined();
    expect(newerJob(waiting, running({ version: 2 })).waitingFor).toBeUndefined();
  });
});

describe('the name of a job', () => {
  const named = job({ name: 'Newsletter May' });

  it('is said by answers alone, and stays', () => {
    expect(newerJob(named, job({ lastActivityAt: '3' }))).toMatchObject({
      name: 'Newsletter May',
      lastActivityAt: '3',
    });
    expect(newerJob(job({ lastActivityAt: '3' }), named)).toMatchObject({
      name: 'Newsletter May',
      lastActivityAt: '3',
    });
    expect(newerJob(named, job({ version: 2, name: null })).name).toBeNull();
  });
});

describe('jobs in a list', () => {
  it('move where they are, and come in at their place', () => {
    const moved = job({ version: 2 });
    const newest = job({ id: 'job_3' });
    expect(withJob([newest, known], moved)).toEqual([newest, moved]);
    expect(withJob([known], newest)).toEqual([newest, known]);
    expect(withJob([known], job({ id: 'job_1' }))).toEqual([known, job({ id: 'job_1' })]);
  });
});

describe('jobs that are read again', () => {
  const of = (id: number, status = 'running') => job({ id: `job_${String(id).padStart(2, '0')}`, status });
  const ids = (jobs: readonly JobFact[]) => jobs.map(({ id }) => id);
  const read = { newest: [of(9, 'completed'), of(8)], active: [of(8), of(3)] };

  it('are the newest and all that go on, each once', () => {
    expect(ids(jobsRead([], read))).toEqual(['job_09', 'job_08', 'job_03']);
  });

  it('stay while they are shown: those that are over, and those that were told of meanwhile', () => {
    const shown = [of(10), of(9), of(4, 'completed')];
    expect(ids(jobsRead(shown, read))).toEqual(['job_10', 'job_09', 'job_08', 'job_04', 'job_03']);
  });

  it('are left out when what is known of them is old: they have ended unseen', () => {
    expect(ids(jobsRead([of(5)], read))).toEqual(['job_09', 'job_08', 'job_03']);
  });

  it('do not go back', () => {
    const later = job({ id: 'job_08', status: 'completed', lastActivityAt: '3' });
    expect(jobsRead([later], read)[1]).toBe(later);
  });
});

describe('what a topic tells of jobs', () => {
  const event = (type: string) =>
    ({ kind: 'event', event: { type, data: known } }) as unknown as Parameters<typeof toldJobs>[0];
  const snapshot = (of: unknown) => ({ kind: 'snapshot', snapshot: of, cursor: '', gap: false }) as const;

  it('is in events of jobs and in snapshots', () => {
    expect([toldJobs(event('job.progress')), toldJobs(event('delivery.sent'))]).toEqual([[known], []]);
    const snapshots = [known, { jobs: [known] }, { queue: null }, null];
    expect(snapshots.map((of) => toldJobs(snapshot(of)))).toEqual([[known], [known], [], []]);
  });
});
