import type { SendWindows, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** What a tenant has chosen for itself; of both modes. */
export interface SettingsRow {
  /** null: what the installation says. */
  readonly default_from: string | null;
  readonly time_zone: string;
  readonly windows: SendWindows;
  readonly transactional_reserve: number;
  readonly catch_up_share: number;
  readonly version: number;
  readonly updated_at: Date;
}

/** Settings as they are to be. */
export interface ChosenSettings {
  readonly defaultFrom: string | null;
  readonly transactionalReserve: number;
  readonly timeZone: string;
  readonly windows: SendWindows;
}

const statements = {
  read: sqlFile('./read-settings.sql', import.meta.url),
  hold: sqlFile('./hold-settings.sql', import.meta.url),
  lock: sqlFile('./lock-settings.sql', import.meta.url),
  change: sqlFile('./change-settings.sql', import.meta.url),
};

/** undefined: the tenant has chosen nothing yet. */
export async function readSettings(db: Queryable, tenantId: TenantId): Promise<SettingsRow | undefined> {
  const { rows } = await db.query<SettingsRow & Record<string, unknown>>({ ...statements.read, values: [tenantId] });
  return rows[0];
}

/** The settings of a tenant, locked until the transaction ends. */
export async function lockSettings(tx: Queryable, tenantId: TenantId): Promise<SettingsRow> {
  await tx.query({ ...statements.hold, values: [tenantId] });
  return only(await tx.query<SettingsRow & Record<string, unknown>>({ ...statements.lock, values: [tenantId] }));
}

/** Changes locked settings; as they are then. */
export async function changeSettings(tx: Queryable, tenantId: TenantId, chosen: ChosenSettings): Promise<SettingsRow> {
  const { defaultFrom, transactionalReserve, timeZone, windows } = chosen;
  const values = [tenantId, defaultFrom, transactionalReserve, timeZone, JSON.stringify(windows)];
  return only(await tx.query<SettingsRow & Record<string, unknown>>({ ...statements.change, values }));
}

function only({ rows: [row] }: { readonly rows: readonly SettingsRow[] }): SettingsRow {
  if (!row) throw new Error('the settings of a tenant vanished under their lock');
  return row;
}
