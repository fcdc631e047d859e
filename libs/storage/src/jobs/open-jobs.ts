import type { JobId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

export interface OpenJob {
  readonly tenantId: TenantId;
  readonly id: JobId;
}

const statements = {
  open: sqlFile('./find-open-jobs.sql', import.meta.url),
  moved: sqlFile('./find-moved-jobs.sql', import.meta.url),
};

/** The jobs to look after, of all tenants. */
export async function findOpenJobs(db: Queryable): Promise<(OpenJob & { readonly hasRows: boolean })[]> {
  const { rows } = await db.query<{ tenant_id: TenantId; id: JobId; has_rows: boolean }>({
    ...statements.open,
    values: [],
  });
  return rows.map(({ tenant_id: tenantId, id, has_rows: hasRows }) => ({ tenantId, id, hasRows }));
}

/** Jobs of emails of which something was told since a position; `position` is where to look from next. */
export interface MovedJobs {
  readonly position: string;
  readonly jobs: readonly OpenJob[];
}

/** @param position transaction id as text, from the last answer; null: from now on */
export async function findMovedJobs(
  db: Queryable,
  tenants: readonly TenantId[],
  position: string | null,
): Promise<MovedJobs> {
  const { rows } = await db.query<{ position: string; tenant_id: TenantId | null; id: JobId | null }>({
    ...statements.moved,
    values: [tenants, position],
  });
  return {
    position: rows[0]?.position ?? '0',
    jobs: rows.flatMap(({ tenant_id, id }) => (tenant_id && id ? [{ tenantId: tenant_id, id }] : [])),
  };
}
