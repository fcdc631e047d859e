import { Mailtide } from '#client';
import type { Output } from './output.js';
import { readSettings, type Settings } from './settings.js';

/** What a command works with. */
export interface Cli {
  readonly out: Output;
  /** Made when a command first calls: `--help` needs no Mailtide, and `keys create` no API. */
  readonly mail: () => Mailtide;
}

export function cliWith(out: Output, options: () => Settings): Cli {
  let mail: Mailtide | undefined;
  return { out, mail: () => (mail ??= new Mailtide(defined(readSettings(options())))) };
}

/** The client has a default for what is left out, but takes undefined for a value. */
const defined = ({ url, gatewayUrl, key }: Settings) => ({
  ...(url !== undefined && { url }),
  ...(gatewayUrl !== undefined && { gatewayUrl }),
  ...(key !== undefined && { key }),
});
