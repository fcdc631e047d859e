import type { DeliveryId, EmailId } from '#domain';
import type { Queryable } from '../database.js';
import type { Page } from '../page.js';
import { sqlFile } from '../sql-file.js';
import type { OpenJob } from './open-jobs.js';

/** A copy's place in the list of its job. */
export interface CopyPlace {
  readonly emailId: EmailId;
  readonly id: DeliveryId;
}

const statements = {
  ofJob: sqlFile('./deliveries-of-job.sql', import.meta.url),
  ofJobBefore: sqlFile('./deliveries-of-job-before.sql', import.meta.url),
  ofAudience: sqlFile('./deliveries-of-audience.sql', import.meta.url),
  ofAudienceBefore: sqlFile('./deliveries-of-audience-before.sql', import.meta.url),
};

/** The copies of a job's emails, newest first, backwards before a place; one more than the limit where there are more. */
export async function deliveriesOfJob(
  db: Queryable,
  { tenantId, id }: OpenJob,
  { limit, after, before }: Page<CopyPlace>,
): Promise<CopyPlace[]> {
  const statement = before ? statements.ofJobBefore : statements.ofJob;
  const from = before ?? after;
  const values = [tenantId, id, from?.emailId ?? null, from?.id ?? null, limit + 1];
  const { rows } = await db.query<{ email_id: EmailId; id: DeliveryId }>({ ...statement, values });
  return rows.map((row) => ({ emailId: row.email_id, id: row.id }));
}

/** The same of a campaign or load test, whose id its job bears: one walk through an index, whatever its size. */
export async function deliveriesOfAudience(
  db: Queryable,
  { tenantId, id }: OpenJob,
  { limit, after, before }: Page<CopyPlace>,
): Promise<CopyPlace[]> {
  const statement = before ? statements.ofAudienceBefore : statements.ofAudience;
  const values = [tenantId, id, (before ?? after)?.id ?? null, limit + 1];
  const { rows } = await db.query<{ email_id: EmailId; id: DeliveryId }>({ ...statement, values });
  return rows.map((row) => ({ emailId: row.email_id, id: row.id }));
}
