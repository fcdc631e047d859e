import { describe, expect, it } from '@jest/globals';
import { DELIVERY_STATUSES, type DeliveryStatus, type Id } from '#domain';
import { jobCompletedV1, jobProgressV1 } from '#events';
import type { JobRow } from '#storage';
import { JobSchema } from './job.schema.js';
import { jobFactView, jobView } from './job.view.js';

const NOW = new Date('2027-01-05T09:01:00.000Z');
const ago = (seconds: number) => new Date(NOW.getTime() - 1000 * seconds);
const id = <Name extends string>() => '0193e0f0-0406-7333-a4b5-6e8043366e78' as Id<Name>;

const NO_COPIES = Object.fromEntries(DELIVERY_STATUSES.map((status) => [status, 0])) as Record<DeliveryStatus, number>;

const aJob = (wish: Partial<JobRow> = {}): JobRow => ({
  tenant_id: id(),
  id: id(),
  mode: 'test',
  kind: 'batch',
  status: 'scheduled',
  owner_id: '1',
  has_rows: false,
  rows_total: null,
  rows_done: null,
  rows_ok: null,
  rows_rejected: null,
  result: null,
  rejections: null,
  version: 1,
  rate: null,
  told_at: null,
  told_done: null,
  is_cancelled: false,
  created_at: ago(60),
  started_at: null,
  active_at: ago(60),
  finished_at: null,
  now: NOW,
  ...NO_COPIES,
  total: 0,
  paused: 0,
  waiting: 0,
  last_due_at: null,
  first_claimed_at: null,
  last_moved_at: null,
  last_finished_at: null,
  top_failures: [],
  audience: null,
  ...wish,
});

const running = aJob({
  total: 5000,
  scheduled: 1754,
  queued: 40,
  sending: 32,
  sent: 3150,
  failed: 24,
  waiting: 72,
  rate: 268.14,
  first_claimed_at: ago(20),
  last_moved_at: ago(0.1),
  top_failures: [{ reason: 'bad_recipient', code: '550 5.1.1', count: 24 }],
});
const bulk = aJob({
  kind: 'bulk',
  status: 'completed',
  has_rows: true,
  rows_total: 2000,
  rows_done: 2000,
  rows_ok: 1990,
  rows_rejected: 10,
  result: { cancelled: 1990, alreadySent: 8, inFlight: 2 },
  started_at: ago(5),
  finished_at: ago(1),
});

const counts = { ...NO_COPIES, scheduled: 1500, sent: 500, total: 2000 };
/** A load test of 5,000, of which 2,000 are made and 500 sent. */
const loadTest = (audience: Partial<JobRow['audience']> = {}, wish: Partial<JobRow> = {}): JobRow =>
  aJob({
    kind: 'load_test',
    ...counts,
    rate: 100,
    audience: {
      name: null,
      emailStatus: 'running',
      isDraft: false,
      isPaused: false,
      isCancelled: false,
      expanding: true,
      isRepeating: false,
      isRetrying: false,
      expected: 5000,
      hasBegun: true,
      startsAt: ago(40),
      secondsEach: 0,
      atOnceAnHour: null,
      waitingFor: [],
      lastDueAt: null,
      hasNews: false,
      counts,
      ...audience,
    },
    ...wish,
  });

describe('a job of a campaign or a load test', () => {
  it('measures how far it is by all that will be', () => {
    const view = jobView(loadTest());
    expect(view).toMatchObject({ total: 2000, expanding: true, expected: 5000, progress: 0.1, status: 'running' });
    expect(view).toMatchObject({ etaAt: '2027-01-05T09:01:45.000Z', startedAt: ago(40).toISOString() });
  });

  it('is not through before its own pace lets it', () => {
    expect(jobView(loadTest({ secondsEach: 2 })).etaAt).toBe('2027-01-05T11:31:00.000Z');
  });

  it('is not through before what it waits for lets it: a limit, the hours of its own one, the retry of its last copies', () => {
    const limit = [{ reason: 'limit', scope: 'tenant', until: '2027-01-05T10:00:00.000Z' }];
    expect(jobView(loadTest({ waitingFor: limit })).etaAt).toBe('2027-01-05T10:00:00.000Z');
    // 4,500 are open: the first 1,500 at ten, and twice an hour and 25 s until the last.
    expect(jobView(loadTest({ waitingFor: limit, atOnceAnHour: 1_500 })).etaAt).toBe('2027-01-05T12:00:50.000Z');
    const lastDueAt = new Date('2027-01-05T09:05:00.000Z');
    expect(jobView(loadTest({ lastDueAt })).etaAt).toBe('2027-01-05T09:05:00.000Z');
    expect(jobView(loadTest({ lastDueAt }, { rate: 0 })).etaAt).toBe('2027-01-05T09:05:00.000Z');
  });

  it('has no end that can be told while nothing moves and nobody knows why', () => {
    for (const rate of [null, 0, 5e-14, Number.MIN_VALUE]) {
      expect(jobView(loadTest({}, { rate })).etaAt).toBeNull();
      expect(jobView(loadTest({ lastDueAt: ago(60) }, { rate })).etaAt).toBeNull();
    }
  });

  it('bears the name of its campaign', () => {
    expect(jobView(loadTest({ name: 'May' })).name).toBe('May');
    expect(jobView(bulk).name).toBeNull();
  });

  it('has nothing done while nothing is there to do, and all of it when it has ended so', () => {
    const none = { ...NO_COPIES, total: 0 };
    const draft = loadTest({ expanding: false, expected: 0, isDraft: true, emailStatus: 'draft', counts: none }, none);
    expect(jobView(draft)).toMatchObject({ status: 'draft', progress: 0 });
    const ended = loadTest({ expanding: false, expected: 0, counts: none }, { ...none, finished_at: ago(1) });
    expect(jobView(ended)).toMatchObject({ status: 'completed', progress: 1 });
  });

  it('has ended when that was noted, not before', () => {
    const ended = { ...NO_COPIES, sent: 2000, total: 2000 };
    const done = loadTest({ expanding: false, counts: ended }, ended);
    expect(jobView(done)).toMatchObject({ status: 'running', finishedAt: null });
    const noted = { ...done, finished_at: ago(1) };
    expect(jobView(noted)).toMatchObject({ status: 'completed', finishedAt: ago(1).toISOString() });
  });

  it('says when it stands still, and what it waits for', () => {
    const waitingFor = [{ reason: 'limit', scope: 'tenant', max: 10, windowSeconds: 3600, used: 10, until: 'later' }];
    expect(jobView(loadTest({ waitingFor }))).toMatchObject({ stalled: true, waitingFor });
    expect(jobView(loadTest({}, { active_at: ago(29) })).stalled).toBe(false);
    expect(jobView(loadTest({ isPaused: true })).stalled).toBe(false);
  });

  it('is what the documentation and its events say', () => {
    expect(JobSchema.safeParse(jobView(loadTest()))).toMatchObject({ success: true });
    const fact = jobFactView(loadTest());
    const read = jobProgressV1.data.safeParse({ jobId: fact.id, ...fact, at: NOW.toISOString() });
    expect(read).toMatchObject({ success: true });
  });
});

describe('a job as the API shows it', () => {
  it.each([aJob(), running, bulk])('is what the documentation says', (job) => {
    expect(JobSchema.safeParse(jobView(job))).toMatchObject({ success: true });
  });

  it.each([jobProgressV1, jobCompletedV1])('is, without its links, what $type says', (event) => {
    const fact = jobFactView(bulk);
    const read = event.data.safeParse({ jobId: fact.id, ...fact, at: NOW.toISOString() });
    expect(read).toMatchObject({ success: true });
  });

  it('says how far it is, how fast it goes and when it will be done', () => {
    expect(jobView(running)).toMatchObject({
      status: 'running',
      progress: 0.635,
      ratePerSecond: 268.1,
      etaAt: '2027-01-05T09:01:06.809Z',
      stalled: false,
      rows: null,
    });
  });

  it('is not done before its last copy is due', () => {
    const last_due_at = new Date('2027-03-01T09:00:00.000Z');
    expect(jobView({ ...running, last_due_at }).etaAt).toBe('2027-03-01T09:00:00.000Z');
  });

  it('of rows has rows and no counts, and at the end the speed of the whole', () => {
    expect(jobView(bulk)).toMatchObject({
      total: 2000,
      counts: null,
      rows: { total: 2000, done: 2000, ok: 1990, rejected: 10 },
      progress: 1,
      ratePerSecond: 500,
      etaAt: null,
    });
  });

  it('is stalled when something waits and nothing moved for 30 seconds, not when all of it is for later', () => {
    const still = { ...running, active_at: ago(60), last_moved_at: ago(31) };
    expect(jobView(still).stalled).toBe(true);
    expect(jobView({ ...still, last_moved_at: ago(29) }).stalled).toBe(false);
    expect(jobView({ ...still, waiting: 0 }).stalled).toBe(false);
  });

  it('without anything to do is done', () => {
    expect(jobView(aJob())).toMatchObject({ status: 'completed', progress: 1, finishedAt: expect.any(String) });
  });
});
