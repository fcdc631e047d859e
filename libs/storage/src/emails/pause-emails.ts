import type { DeliveryId, EmailId, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import { type ChangedCopy, unqueueCopies } from './change-copies.js';

/** An email after a change of its state. */
export interface MarkedEmail {
  readonly id: EmailId;
  readonly version: number;
}

const statements = {
  markPaused: sqlFile('./mark-paused.sql', import.meta.url),
  markResumed: sqlFile('./mark-resumed.sql', import.meta.url),
  markMoved: sqlFile('./mark-moved.sql', import.meta.url),
  pause: sqlFile('./pause-copies.sql', import.meta.url),
  resume: sqlFile('./resume-copies.sql', import.meta.url),
};

/** Notes on emails whose copies are locked that they are paused; all of them come back. */
export function markPaused(tx: Queryable, tenantId: TenantId, ids: readonly EmailId[]): Promise<MarkedEmail[]> {
  return marked(tx, { ...statements.markPaused, values: [tenantId, ids] });
}

/** Notes on paused emails whose copies are locked that they go on; all of them come back. */
export function markResumed(tx: Queryable, tenantId: TenantId, ids: readonly EmailId[]): Promise<MarkedEmail[]> {
  return marked(tx, { ...statements.markResumed, values: [tenantId, ids] });
}

/** Notes on emails whose copies are locked when they are due now; all of them come back. */
export function markMoved(
  tx: Queryable,
  tenantId: TenantId,
  ids: readonly EmailId[],
  scheduledAt: Date,
): Promise<MarkedEmail[]> {
  return marked(tx, { ...statements.markMoved, values: [tenantId, ids, scheduledAt] });
}

/** Holds back all copies of paused emails, locked by the caller, whatever their states; all of them come back. */
export async function pauseCopies(
  tx: Queryable,
  tenantId: TenantId,
  ids: readonly DeliveryId[],
): Promise<(ChangedCopy & { readonly due_at: Date })[]> {
  await unqueueCopies(tx, tenantId, ids);
  const { rows } = await tx.query<ChangedCopy & { due_at: Date } & Record<string, unknown>>({
    ...statements.pause,
    values: [tenantId, ids],
  });
  return rows;
}

/** Lets all copies of emails that were paused go on, locked by the caller. */
export async function resumeCopies(
  tx: Queryable,
  tenantId: TenantId,
  /** `opensAt`: when the windows open that are shut now; null: they are open. */
  copies: readonly { readonly id: DeliveryId; readonly opensAt: Date | null }[],
): Promise<void> {
  const values = [tenantId, copies.map(({ id }) => id), copies.map(({ opensAt }) => opensAt)];
  await tx.query({ ...statements.resume, values });
}

async function marked(tx: Queryable, query: Parameters<Queryable['query']>[0]): Promise<MarkedEmail[]> {
  const { rows } = await tx.query<MarkedEmail & Record<string, unknown>>(query);
  return rows;
}
