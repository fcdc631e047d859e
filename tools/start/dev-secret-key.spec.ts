import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { variableGroups } from '#config';
import { devSecretKey } from './dev-secret-key.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailtide-secret-'));
  folders.push(folder);
  return folder;
}

describe('the secret of a developer’s machine', () => {
  it('is made once, stays, and is one that the apps take', () => {
    const folder = newFolder();
    const key = devSecretKey(folder);
    expect(variableGroups.protection.SECRET_KEY.parse(key)).toHaveLength(32);
    expect(devSecretKey(folder)).toBe(key);
  });

  it('is for the eyes of its owner only', () => {
    const folder = newFolder();
    devSecretKey(folder);
    expect(statSync(join(folder, 'dev-secret-key')).mode & 0o777).toBe(0o600);
  });
});
