import { parsePublicId } from '#domain';
import { type Caller, Problem } from '#http';
import { getJob, type JobRow, type Queryable } from '#storage';

/** A job by its public id; throws the problem `not_found`. */
export async function findJob(db: Queryable, caller: Caller, publicJobId: string): Promise<JobRow> {
  const id = parsePublicId('job', publicJobId);
  const job = id && (await getJob(db, caller, id));
  if (!job) throw new Problem('not_found', 'There is no such job.');
  return job;
}
