import { Mailtide } from '#client';
import type { Output } from './output.js';
import { readSettings, type Settings } from './settings.js';

/** What a command works with. */
export interface Cli {
  readonly out: Output;
  readonly settings: () => Settings;
  /** Made when a command first calls: `--help` needs no Mailtide. */
  readonly mail: () => Mailtide;
}

export function cliWith(out: Output, options: () => Partial<Settings>): Cli {
  let mail: Mailtide | undefined;
  const settings = () => readSettings(options());
  return { out, settings, mail: () => (mail ??= new Mailtide(settings())) };
}
