import type { DeliveryId, EmailId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { OpenJob } from './open-jobs.js';

/** A copy's place in the list of its job. */
export interface CopyPlace {
  readonly emailId: EmailId;
  readonly id: DeliveryId;
}

const statement = sqlFile('./deliveries-of-job.sql', import.meta.url);
const audienceStatement = sqlFile('./deliveries-of-audience.sql', import.meta.url);

interface PagePlace {
  readonly after: CopyPlace | undefined;
  readonly limit: number;
}

/** The copies of a job's emails, newest first; one more than the limit where there are more. */
export async function deliveriesOfJob(
  db: Queryable,
  { tenantId, id }: OpenJob,
  { after, limit }: PagePlace,
): Promise<CopyPlace[]> {
  const values = [tenantId, id, after?.emailId ?? null, after?.id ?? null, limit + 1];
  const { rows } = await db.query<{ email_id: EmailId; id: DeliveryId }>({ ...statement, values });
  return rows.map((row) => ({ emailId: row.email_id, id: row.id }));
}

/** The same of a campaign or load test, whose id its job bears: one walk through an index, whatever its size. */
export async function deliveriesOfAudience(
  db: Queryable,
  { tenantId, id }: OpenJob,
  { after, limit }: PagePlace,
): Promise<CopyPlace[]> {
  const values = [tenantId, id, after?.id ?? null, limit + 1];
  const { rows } = await db.query<{ email_id: EmailId; id: DeliveryId }>({ ...audienceStatement, values });
  return rows.map((row) => ({ emailId: row.email_id, id: row.id }));
}
