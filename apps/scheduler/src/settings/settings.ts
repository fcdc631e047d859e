import { type Caller, Problem } from '#http';
import {
  changeSettings,
  type ChosenSettings,
  type Database,
  lockSettings,
  planZoneWalk,
  readSettings,
  type SettingsRow,
  wakeLines,
} from '#storage';
import { written } from '../emails/fields.js';
import type { DefaultFrom } from './default-from.js';
import type { SettingsPatch } from './settings.schema.js';
import { NOTHING_CHOSEN, settingsView, type SettingsView } from './settings.view.js';

/** So long other processes may still store emails by the old settings. */
const KNOWN_ELSEWHERE_SECONDS = 5;

/** What a tenant chooses for itself, for both modes. */
export class Settings {
  constructor(
    private readonly db: Database,
    private readonly defaultFrom: DefaultFrom,
  ) {}

  async read({ tenantId }: Caller): Promise<SettingsView> {
    return this.view(await readSettings(this.db.of(tenantId), tenantId));
  }

  /** Takes effect at once here, and within seconds in other processes. Throws `version_mismatch`. */
  async change({ tenantId }: Caller, patch: SettingsPatch, ifVersion: number | undefined): Promise<SettingsView> {
    const changed = await this.db.of(tenantId).transaction(async (tx) => {
      const settings = await lockSettings(tx, tenantId);
      if (ifVersion !== undefined && ifVersion !== settings.version) throw this.stale(settings);
      const wanted = wantedBy(patch, settings);
      if (isAsBefore(wanted, settings)) return settings;
      if (wanted.timeZone !== settings.time_zone) await planZoneWalk(tx, tenantId, KNOWN_ELSEWHERE_SECONDS);
      await wakeLines(tx, tenantId); // what waits for its part of a limit, or for a window, may wait for less now
      return changeSettings(tx, tenantId, wanted);
    });
    this.defaultFrom.forget(tenantId);
    return this.view(changed);
  }

  private view(row: SettingsRow | undefined): SettingsView {
    return settingsView(row, this.defaultFrom.chosen(row?.default_from ?? null));
  }

  private stale(settings: SettingsRow): Problem {
    const detail = `The settings are at version "${settings.version}" now. Read them again and decide anew.`;
    return new Problem('version_mismatch', detail, { current: this.view(settings) });
  }
}

const isAsBefore = (wanted: ChosenSettings, settings: SettingsRow): boolean =>
  wanted.defaultFrom === settings.default_from &&
  wanted.transactionalReserve === settings.transactional_reserve &&
  wanted.timeZone === settings.time_zone &&
  JSON.stringify(wanted.windows) === JSON.stringify(settings.windows);

/** What is not named stays; null takes the default again. */
const wantedBy = (
  { defaultFrom, transactionalReserve, timeZone, windows }: SettingsPatch,
  settings: SettingsRow,
): ChosenSettings => ({
  defaultFrom: defaultFrom === undefined ? settings.default_from : defaultFrom && written(defaultFrom),
  transactionalReserve:
    transactionalReserve === undefined
      ? settings.transactional_reserve
      : (transactionalReserve ?? NOTHING_CHOSEN.transactional_reserve),
  timeZone: timeZone === undefined ? settings.time_zone : (timeZone ?? NOTHING_CHOSEN.time_zone),
  windows: windows === undefined ? settings.windows : (windows ?? NOTHING_CHOSEN.windows),
});
