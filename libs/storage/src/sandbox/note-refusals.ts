import type { DeliveryId } from '#domain';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { sqlFile } from '../sql-file.js';
import type { SandboxSender } from './store-messages.js';

/** A recipient whose copy was not kept. */
export interface SandboxRefusal {
  readonly sender: SandboxSender;
  /** null: it was refused before its header was read. */
  readonly deliveryId: DeliveryId | null;
  readonly verdict: 'refused' | 'dropped';
  readonly address: string;
  readonly script: string | null;
}

const statement = sqlFile('./note-refusals.sql', import.meta.url);

/** Stores refusals for the statistics. */
export async function noteRefusals(db: Queryable, refusals: readonly SandboxRefusal[]): Promise<void> {
  const values = [
    refusals.map(() => newId()),
    refusals.map(({ deliveryId }) => deliveryId),
    refusals.map(({ sender }) => sender.tenantId),
    refusals.map(({ sender }) => sender.loggedIn),
    refusals.map(({ verdict }) => verdict),
    refusals.map(({ address }) => address),
    refusals.map(({ script }) => script),
  ];
  await db.query({ ...statement, values });
}
