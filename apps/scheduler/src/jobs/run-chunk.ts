import { advanceJob, type Database, lockJob, type LockedJob, type OpenJob, type RowsDone } from '#storage';
import type { Chunk, RowWorks } from './row-work.js';
import { tellJob } from './tell-job.js';

export type ChunkEnd =
  /** More rows wait. */
  | 'more'
  /** Nothing to do here now: paused, finished, or another process has it. */
  | 'rest';

/**
 * Does one chunk of a job over rows: the rows, how far the job is and its events in one transaction that holds the job.
 * Whoever dies in it leaves the job as it was, for the next one.
 */
export async function runChunk(db: Database, works: RowWorks, job: OpenJob): Promise<ChunkEnd> {
  return db.of(job.tenantId).transaction(async (tx) => {
    const held = await lockJob(tx, job);
    if (!held) return 'rest';
    const work = works[held.kind];
    if (held.status !== 'running' || !work) {
      await tellJob(tx, held); // paused or cancelled by its user
      return 'rest';
    }
    const chunk = await work(tx, held);
    const { position, isLast } = chunk;
    await advanceJob(tx, held, rowsAfter(held, chunk), { position, isLast });
    await tellJob(tx, held);
    return isLast ? 'rest' : 'more';
  });
}

/** At the end, rows that were counted at first and did not turn up any more are rejected ones. */
function rowsAfter({ rows }: LockedJob, chunk: Chunk): RowsDone {
  const done = rows.done + chunk.done;
  const gone = chunk.isLast ? Math.max(0, rows.total - done) : 0;
  const ok = rows.ok + chunk.ok;
  return {
    total: Math.max(rows.total, done),
    done: done + gone,
    ok,
    rejected: done + gone - ok,
    result: sums(rows.result, chunk.result),
    rejections: sums(rows.rejections, gone > 0 ? { ...chunk.rejections, no_longer_matches: gone } : chunk.rejections),
  };
}

type Counts = Readonly<Record<string, number>>;

function sums(one: Counts, other: Counts): Counts {
  const all: Record<string, number> = { ...one };
  for (const [name, count] of Object.entries(other)) all[name] = (all[name] ?? 0) + count;
  return all;
}
