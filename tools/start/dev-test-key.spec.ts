import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { devTestKey } from './dev-test-key.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailtide-key-'));
  folders.push(folder);
  return folder;
}

describe('the development key', () => {
  it('is made once and stays', () => {
    const folder = join(newFolder(), 'not', 'there', 'yet');
    const key = devTestKey(folder);
    expect(key).toMatch(/^mt_test_[0-9A-Za-z]{43}$/);
    expect(devTestKey(folder)).toBe(key);
    expect(devTestKey(newFolder())).not.toBe(key);
  });

  it('is for the eyes of its owner only', () => {
    const folder = newFolder();
    devTestKey(folder);
    expect(statSync(join(folder, 'dev-test-key')).mode & 0o777).toBe(0o600);
  });

  it('is never anything but a test key', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'dev-test-key'), 'mt_live_oops');
    expect(() => devTestKey(folder)).toThrow('holds no test key; delete it');
  });
});
