import type { DeliveryId, EmailId, Lane, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';
import type { NewDelivery } from './new-email.js';

/** A copy after a change. */
export interface ChangedCopy {
  readonly id: DeliveryId;
  readonly epoch: number;
  readonly version: number;
}

const statements = {
  unqueue: sqlFile('./unqueue-copies.sql', import.meta.url),
  requeue: sqlFile('./requeue-copies.sql', import.meta.url),
  cancel: sqlFile('./cancel-copies.sql', import.meta.url),
  callOff: sqlFile('./call-off.sql', import.meta.url),
  remove: sqlFile('./remove-copies.sql', import.meta.url),
  add: sqlFile('./add-copies.sql', import.meta.url),
};

/** Cancels locked copies; all of them come back. */
export async function cancelCopies(
  tx: Queryable,
  tenantId: TenantId,
  ids: readonly DeliveryId[],
  reason: 'cancelled_by_user' | 'email_cancelled',
): Promise<ChangedCopy[]> {
  await unqueueCopies(tx, tenantId, ids);
  return changed(tx, { ...statements.cancel, values: [tenantId, ids, reason] });
}

/** Ends locked ambiguous copies as `unknown`; all of them come back. */
export async function callOff(tx: Queryable, tenantId: TenantId, ids: readonly DeliveryId[]): Promise<ChangedCopy[]> {
  await unqueueCopies(tx, tenantId, ids);
  return changed(tx, { ...statements.callOff, values: [tenantId, ids] });
}

/** Takes locked copies out of what is due. */
export async function unqueueCopies(tx: Queryable, tenantId: TenantId, ids: readonly DeliveryId[]): Promise<void> {
  await tx.query({ ...statements.unqueue, values: [tenantId, ids] });
}

/**
 * Takes locked copies back to `scheduled` under a new epoch, due at an instant, or each when it was.
 * @param waitsFor `window`: the instant is not the wished one, but the next at which windows are open
 */
export async function requeueCopies(
  tx: Queryable,
  tenantId: TenantId,
  ids: readonly DeliveryId[],
  dueAt: Date | null,
  waitsFor: 'window' | null = null,
): Promise<(ChangedCopy & { readonly due_at: Date })[]> {
  await unqueueCopies(tx, tenantId, ids);
  const { rows } = await tx.query<ChangedCopy & { due_at: Date } & Record<string, unknown>>({
    ...statements.requeue,
    values: [tenantId, ids, dueAt, waitsFor],
  });
  return rows;
}

/** Removes locked copies that were never armed. */
export async function removeCopies(tx: Queryable, tenantId: TenantId, ids: readonly DeliveryId[]): Promise<void> {
  await unqueueCopies(tx, tenantId, ids);
  await tx.query({ ...statements.remove, values: [tenantId, ids] });
}

/** Adds copies to an email whose others are locked. */
export async function addCopies(
  tx: Queryable,
  email: { readonly tenantId: TenantId; readonly id: EmailId; readonly lane: Lane; readonly mode: Mode },
  copies: readonly NewDelivery[],
  dueAt: Date,
): Promise<void> {
  const values = [
    email.tenantId,
    email.id,
    dueAt,
    copies.map(({ id }) => id),
    copies.map(() => email.lane),
    copies.map(() => email.mode),
    copies.map(({ role }) => role),
    copies.map(({ mailbox }) => mailbox),
    copies.map(({ address }) => address),
    copies.map(({ recipientKey }) => recipientKey),
  ];
  await tx.query({ ...statements.add, values });
}

async function changed(tx: Queryable, query: Parameters<Queryable['query']>[0]): Promise<ChangedCopy[]> {
  const { rows } = await tx.query<ChangedCopy & Record<string, unknown>>(query);
  return rows;
}
