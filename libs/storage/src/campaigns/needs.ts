import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { CampaignRef } from './expand-campaign.js';

const statements = {
  read: sqlFile('./read-needs.sql', import.meta.url),
  lacking: sqlFile('./find-lacking.sql', import.meta.url),
};

export interface Needs {
  /** The variables that the data of all recipients were checked for. */
  readonly names: readonly string[];
  /** Recipients are being uploaded, and checked for these. */
  readonly isUploading: boolean;
}

/** What the content of a held campaign needs of its recipients. An upload that is dead ends with it. */
export async function readNeeds(tx: Queryable, { tenantId, id }: CampaignRef): Promise<Needs> {
  const { rows } = await tx.query<{ data_names: string[]; is_uploading: boolean }>({
    ...statements.read,
    values: [tenantId, id],
  });
  const [row] = rows;
  if (!row) throw new Error(`campaign ${id} vanished under its lock`);
  return { names: row.data_names, isUploading: row.is_uploading };
}

/** One of these variables that some recipient of a campaign does not have; undefined: all have all. It stops at the first. */
export async function findLacking(
  tx: Queryable,
  { tenantId, id }: CampaignRef,
  paths: readonly string[],
): Promise<string | undefined> {
  const { rows } = await tx.query<{ path: string }>({ ...statements.lacking, values: [tenantId, id, paths] });
  return rows[0]?.path;
}
