import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type EmailId, type JobId, type Mode, publicId, type TenantId } from '#domain';
import { emailUpdatedV1 } from '#events';
import type { JobFactView } from '#http';
import {
  appendOutbox,
  createJob,
  type Database,
  ensureTenant,
  getJob,
  type JobRow,
  lockJob,
  newId,
  type OpenJob,
  outboxEvent,
  removeCampaign,
} from '#storage';
import { createLog } from '#telemetry';
import { eventually, openFree, testDatabase } from '#testing';
import { storeCampaign } from '../testing/store-campaign.js';
import { JobRunner } from './job-runner.js';
import { JobTeller } from './job-teller.js';
import type { RowWork } from './row-work.js';
import { runChunk } from './run-chunk.js';

/** Work over rows goes on by itself, and does each row once, whoever dies. */

const MODE: Mode = 'test';
const CHUNK = 10;
const log = createLog({ app: 'scheduler', level: 'silent', pretty: false });

let db: Database;
let stop: () => Promise<void>;

beforeAll(async () => {
  const database = await testDatabase();
  db = openFree(database.url, 8);
  await rows('create table row_marks (job_id uuid, n int)');
  stop = async () => {
    await db.stop();
    await database.drop();
  };
}, 60_000);
afterAll(() => stop());

const rows = async <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await db.query<Row>({ name: randomUUID(), text, values })).rows;

/** A job over the numbers 1 to `total`; every tenth is rejected. */
async function aJob(total: number, seemed = total): Promise<OpenJob> {
  const job = { tenantId: newId<TenantId>(), id: newId<JobId>() };
  const work = { action: 'mark', last: total };
  const progress = { work, total: seemed, result: { marked: 0 } };
  await createJob(db, { ...job, mode: MODE, kind: 'replay', ownerId: null, actor: 'system', rows: progress });
  return job;
}

/** The number stands in the last digits of the position. */
const numberOf = (position: string | null): number => Number((position ?? '0').slice(-12));
const positionOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}` as EmailId;

const mark: RowWork = async (tx, job) => {
  const { last } = job.work as { last: number };
  const from = numberOf(job.position) + 1;
  const to = Math.min(from + CHUNK - 1, last);
  const text = 'insert into row_marks select $1::uuid, n from generate_series($2::int, $3::int) as n';
  await tx.query({ name: 'mark', text, values: [job.id, from, to] });
  const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
  const rejected = numbers.filter((n) => n % 10 === 0).length;
  return {
    position: positionOf(to),
    done: numbers.length,
    ok: numbers.length - rejected,
    rejections: rejected > 0 ? { a_tenth: rejected } : {},
    result: { marked: numbers.length },
    isLast: to >= last,
  };
};

const read = async ({ tenantId, id }: OpenJob): Promise<JobRow> => {
  const job = await getJob(db, { tenantId, mode: MODE }, id);
  if (!job) throw new Error('there is no job');
  return job;
};
const marks = async ({ id }: OpenJob): Promise<number[]> =>
  (await rows<{ n: number }>('select n from row_marks where job_id = $1 order by n', [id])).map(({ n }) => n);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
const eventsOf = async ({ id }: OpenJob) =>
  rows<{ type: string; data: JobFactView; at: Date; version: number }>(
    'select type, data, at, version from outbox where job_id = $1 order by id',
    [id],
  );

async function finished(job: OpenJob): Promise<JobRow> {
  let row: JobRow | undefined;
  await eventually(async () => {
    row = await read(job);
    expect(row.finished_at).not.toBeNull();
  }, 60_000);
  return row ?? read(job);
}

function runner(work: RowWork = mark): JobRunner {
  const made = new JobRunner({ db, log, works: { replay: work } });
  made.start();
  return made;
}

describe('a job over rows', () => {
  it('does every row once, counts what it left, and is completed', async () => {
    const job = await aJob(95);
    const one = runner();
    const row = await finished(job);
    await one.stop();
    expect(await marks(job)).toEqual(upTo(95));
    expect(row).toMatchObject({ status: 'completed', rows_total: 95, rows_done: 95, rows_ok: 86, rows_rejected: 9 });
    expect(row).toMatchObject({ result: { marked: 95 }, rejections: { a_tenth: 9 } });
    expect(row.top_failures).toEqual([{ reason: 'a_tenth', code: null, count: 9 }]);
  });

  it('is done once by two runners at once', async () => {
    const jobs = await Promise.all([aJob(200), aJob(200), aJob(200)]);
    const both = [runner(), runner()];
    await Promise.all(jobs.map(finished));
    await Promise.all(both.map((one) => one.stop()));
    expect(await Promise.all(jobs.map(marks))).toEqual([upTo(200), upTo(200), upTo(200)]);
  });

  it('goes on where it was when its runner died between two chunks', async () => {
    const job = await aJob(50);
    expect(await runChunk(db, { replay: mark }, job)).toBe('more');
    expect(await runChunk(db, { replay: mark }, job)).toBe('more'); // and then nobody
    expect(await marks(job)).toEqual(upTo(20));
    const other = runner();
    expect(await finished(job)).toMatchObject({ rows_done: 50 });
    await other.stop();
    expect(await marks(job)).toEqual(upTo(50));
  });

  it('forgets a chunk whose runner died in it', async () => {
    const job = await aJob(30);
    const dies: RowWork = async (tx, held) => {
      await mark(tx, held);
      throw new Error('killed');
    };
    await expect(runChunk(db, { replay: dies }, job)).rejects.toThrow('killed');
    expect(await marks(job)).toEqual([]);
    expect(await read(job)).toMatchObject({ rows_done: 0, status: 'running' });
  });

  it('that cannot be worked on does not keep the others waiting', async () => {
    const bad = await aJob(10);
    const good = await aJob(10);
    const one = runner((tx, held) => (held.id === bad.id ? Promise.reject(new Error('always')) : mark(tx, held)));
    await finished(good);
    await one.stop();
    expect(await read(bad)).toMatchObject({ status: 'running', rows_done: 0 });
  });

  it('rejects rows that were counted and did not turn up any more', async () => {
    const job = await aJob(20, 23);
    const one = runner();
    expect(await finished(job)).toMatchObject({ rows_total: 23, rows_done: 23, rows_ok: 18, rows_rejected: 5 });
    await one.stop();
    expect((await read(job)).rejections).toEqual({ a_tenth: 2, no_longer_matches: 3 });
  });

  it('tells how far it is at most four times a second, never backwards, at the end, and then that it is completed', async () => {
    const job = await aJob(400);
    const one = runner();
    await finished(job);
    await one.stop();
    const events = await eventsOf(job);
    expect(events.at(-1)).toMatchObject({ type: 'job.completed', data: { status: 'completed', progress: 1 } });
    const progress = events.slice(0, -1);
    expect(new Set(progress.map(({ type }) => type))).toEqual(new Set(['job.progress']));
    expect(progress.at(-1)?.data).toMatchObject({ rows: { total: 400, done: 400 }, finishedAt: expect.any(String) });
    const done = progress.map(({ data }) => data.rows?.done ?? 0);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    const gaps = progress.slice(1, -1).map(({ at }, n) => at.getTime() - (progress[n]?.at.getTime() ?? 0));
    expect(gaps.filter((ms) => ms < 250)).toEqual([]);
  });
});

describe('what is told of jobs', () => {
  const PENDING_MS = 100;

  /** An event about a campaign, so that its job is looked at. */
  async function move(id: EmailId, tenantId: TenantId): Promise<void> {
    const about = { tenantId, mode: MODE, source: 'spec', actor: 'system', emailId: id, deliveryId: null, version: 2 };
    const scheduledAt = new Date().toISOString();
    const data = { emailId: publicId('email', id), changed: ['subject'], scheduledAt, version: 2 };
    await appendOutbox(db, [outboxEvent(emailUpdatedV1, about, data)]);
  }

  it('is nothing of a draft that somebody else held and then deleted', async () => {
    const tenantId = await ensureTenant(db, 'dev');
    await storeCampaign(db, 1, { scheduledAt: new Date(Date.now() + 3_600_000) }); // open, so that there is something to follow
    const draft = await storeCampaign(db, 0, { state: 'draft' });
    const teller = new JobTeller(db, (error) => log.error({ err: error }, 'not told'));
    await teller.pass();
    await move(draft.id, tenantId);
    await db.transaction(async (tx) => {
      await lockJob(tx, { tenantId, id: draft.id as string as JobId });
      expect(await teller.pass()).toBe(PENDING_MS);
      await removeCampaign(tx, { tenantId, id: draft.id });
    });
    await eventually(async () => expect(await teller.pass()).toBeGreaterThan(PENDING_MS), 5_000);
  });

  it('is told later when it could not be told, also the last of it', async () => {
    const job = { tenantId: await ensureTenant(db, 'dev'), id: newId<JobId>() };
    await createJob(db, { ...job, mode: MODE, kind: 'batch', ownerId: null, actor: 'system', rows: null });
    const failed: string[] = [];
    const teller = new JobTeller(db, (_error, { id }) => failed.push(id));
    await rows(`alter table outbox add constraint no_end check (type <> 'job.completed') not valid`);
    for (let pass = 0; pass < 10; pass += 1) await teller.pass();
    expect(new Set(failed)).toEqual(new Set([job.id]));
    expect(failed.length).toBeLessThan(5); // it is not tried again at once
    await rows('alter table outbox drop constraint no_end');
    await eventually(async () => {
      await teller.pass();
      expect((await eventsOf(job)).at(-1)?.type).toBe('job.completed');
    }, 5_000);
  });
});
