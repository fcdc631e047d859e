import type { EmailId, JobId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** What became of messages at the sandbox. */
export interface SandboxStats {
  readonly accepted: number;
  readonly refused: number;
  readonly dropped: number;
  readonly distinct_deliveries: number;
  /** Copies beyond the first of their delivery. */
  readonly duplicates: number;
}

const statement = sqlFile('./sandbox-stats.sql', import.meta.url);

/** Counts everything of a tenant, or of one of its emails or jobs. Refusals at RCPT precede the header, so they belong to no email. */
export async function sandboxStats(
  db: Queryable,
  tenantId: TenantId,
  of: { readonly emailId?: EmailId | undefined; readonly jobId?: JobId | undefined },
): Promise<SandboxStats> {
  const { rows } = await db.query<SandboxStats & Record<string, unknown>>({
    ...statement,
    values: [tenantId, of.emailId ?? null, of.jobId ?? null],
  });
  const [row] = rows;
  if (!row) throw new Error('sandbox-stats.sql answers one row, always');
  return row;
}
