import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The SECRET_KEY of this machine, for apps that were given none: made once, kept in DATA_DIR for its owner only. */
export function devSecretKey(dataDir: string): string {
  const path = join(dataDir, 'dev-secret-key');
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  }
  return readFileSync(path, 'utf8').trim(); // what is no key is refused by the apps, by its name
}
