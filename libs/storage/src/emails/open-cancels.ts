import type { EmailId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

export interface OpenCancel {
  readonly tenantId: TenantId;
  readonly id: EmailId;
  readonly mode: Mode;
}

const statement = sqlFile('./find-open-cancels.sql', import.meta.url);

/** Cancelled emails whose last copy in flight has ended, but whose end was not told yet. */
export async function findOpenCancels(db: Queryable, limit: number): Promise<OpenCancel[]> {
  const { rows } = await db.query<{ tenant_id: TenantId; id: EmailId; mode: Mode }>({ ...statement, values: [limit] });
  return rows.map(({ tenant_id: tenantId, id, mode }) => ({ tenantId, id, mode }));
}
