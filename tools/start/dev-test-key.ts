import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '#config';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 43; // 256 bits

/** The test key of tenant `dev` on this machine: made once, kept in DATA_DIR for its owner only. */
export function devTestKey(dataDir: string): string {
  const path = join(dataDir, 'dev-test-key');
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, `${newTestKey()}\n`, { mode: 0o600 });
  }
  const key = readFileSync(path, 'utf8').trim();
  if (/^mt_test_[0-9A-Za-z]{43}$/.test(key)) return key;
  throw new SetupError(`DATA_DIR: ${path} holds no test key; delete it, and the next start makes a new one`);
}

const newTestKey = () => `mt_test_${Array.from({ length: LENGTH }, () => BASE62.charAt(randomInt(62))).join('')}`;
