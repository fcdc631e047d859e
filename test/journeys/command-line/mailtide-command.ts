import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#config';
import type { Mailtide } from '#testing';

const MAIN = fileURLToPath(new URL('../../../dist/apps/cli/src/main.js', import.meta.url));

export interface Ended {
  readonly status: number | null;
  /** What it printed: a JSON value a line. */
  readonly values: readonly unknown[];
  readonly out: string;
  /** What it said on standard error. */
  readonly err: string;
}

/** The built `mailtide` as a process of its own, in pipes, with no profile. */
export function mailtideCommand({ apiUrl, gatewayUrl }: Mailtide) {
  const home = mkdtempSync(join(tmpdir(), 'mailtide-cli-'));
  const where = { MAILTIDE_URL: apiUrl, MAILTIDE_GATEWAY_URL: gatewayUrl, XDG_CONFIG_HOME: home };
  return (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [MAIN, ...args], { env: childEnvironment({ ...where, ...env }) });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, out, err, values: valuesIn(out) }));
    });
}

/** None where it is text for people. */
function valuesIn(out: string): unknown[] {
  try {
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  } catch {
    return [];
  }
}
