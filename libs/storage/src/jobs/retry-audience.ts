import type { DeliveryId, DeliveryStatus, JobId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { OpenJob } from './open-jobs.js';

/** Copies of a campaign or load test that are being opened again; held until the transaction ends. */
export interface HeldRetry {
  readonly mode: Mode;
  /** Who asked for it. */
  readonly actor: string;
  readonly statuses: readonly DeliveryStatus[];
  /** The last copy that was looked at; null: it begins. */
  readonly position: DeliveryId | null;
}

const statements = {
  begin: sqlFile('./retry-audience.sql', import.meta.url),
  find: sqlFile('./find-retrying.sql', import.meta.url),
  hold: sqlFile('./hold-retry.sql', import.meta.url),
  next: sqlFile('./next-ended.sql', import.meta.url),
  note: sqlFile('./note-retry.sql', import.meta.url),
};

/** Lets copies that ended so be opened again, chunk by chunk; false: it was cancelled, or is a draft. */
export async function beginRetry(
  tx: Queryable,
  { tenantId, id }: OpenJob,
  { statuses, actor }: Pick<HeldRetry, 'statuses' | 'actor'>,
): Promise<boolean> {
  const { rows } = await tx.query({ ...statements.begin, values: [tenantId, id, statuses, actor] });
  return rows.length > 0;
}

/** The jobs whose copies are being opened again, of all tenants. */
export async function findRetrying(db: Queryable): Promise<OpenJob[]> {
  const { rows } = await db.query<{ tenant_id: TenantId; id: JobId }>({ ...statements.find, values: [] });
  return rows.map(({ tenant_id: tenantId, id }) => ({ tenantId, id }));
}

/** Takes a job for the next chunk; undefined: another process has it, or it is done. */
export async function holdRetry(tx: Queryable, { tenantId, id }: OpenJob): Promise<HeldRetry | undefined> {
  const { rows } = await tx.query<HeldRetry & Record<string, unknown>>({ ...statements.hold, values: [tenantId, id] });
  return rows[0];
}

/** The next copies that ended so, of at most `look` that are looked at. Without a position the walk is over. */
export async function nextEnded(
  tx: Queryable,
  { tenantId, id }: OpenJob,
  { position, statuses }: Pick<HeldRetry, 'position' | 'statuses'>,
  look: number,
): Promise<{ readonly position: DeliveryId | null; readonly ended: readonly DeliveryId[] }> {
  const { rows } = await tx.query<{ position: DeliveryId | null; ended: DeliveryId[] }>({
    ...statements.next,
    values: [tenantId, id, position, statuses, look],
  });
  return rows[0] ?? { position: null, ended: [] };
}

/** Notes how far a held job is; null: it is over. */
export async function noteRetry(tx: Queryable, { tenantId, id }: OpenJob, position: DeliveryId | null): Promise<void> {
  await tx.query({ ...statements.note, values: [tenantId, id, position] });
}
