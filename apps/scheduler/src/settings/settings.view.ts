import type { Mailbox, SendWindows } from '#domain';
import type { SettingsRow } from '#storage';
import { written } from '../emails/fields.js';

/** Of a tenant that has chosen nothing. */
export const NOTHING_CHOSEN = {
  time_zone: 'UTC',
  windows: [] as SendWindows,
  transactional_reserve: 0.2,
  catch_up_share: 0.3,
  version: 1,
  updated_at: null,
};

/** The settings of a tenant (interface 3.5); of one that has chosen nothing, the defaults. */
export function settingsView(row: SettingsRow | undefined, defaultFrom: Mailbox) {
  const settings = row ?? NOTHING_CHOSEN;
  return {
    object: 'settings' as const,
    defaultFrom: written(defaultFrom),
    timeZone: settings.time_zone,
    windows: settings.windows,
    transactionalReserve: settings.transactional_reserve,
    catchUpShare: settings.catch_up_share,
    version: settings.version,
    updatedAt: settings.updated_at?.toISOString() ?? null,
  };
}

export type SettingsView = ReturnType<typeof settingsView>;
