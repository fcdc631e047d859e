import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SetupError } from '#config';
import { readSettings } from './settings.js';

let folder: string;
const profile = (text: string): void => writeFileSync(join(folder, 'mailtide', 'config.json'), text);
const settings = (options: object = {}, env: object = {}) => readSettings(options, { XDG_CONFIG_HOME: folder, ...env });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailtide-cli-'));
  mkdirSync(join(folder, 'mailtide'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('where and who', () => {
  const theirs = { url: 'https://mail.test', gatewayUrl: 'https://live.test', key: 'mt_test_profile' };

  it('is nothing where nothing is said', () => {
    expect(settings({}, { XDG_CONFIG_HOME: join(folder, 'none') })).toEqual({});
  });

  it('is said by the profile, before it by the environment, before it by options', () => {
    profile(JSON.stringify(theirs));
    expect(settings()).toEqual(theirs);
    expect(settings({}, { MAILTIDE_KEY: 'mt_test_env' })).toEqual({ ...theirs, key: 'mt_test_env' });
    expect(settings({ key: 'mt_test_option' }, { MAILTIDE_KEY: 'mt_test_env' }).key).toBe('mt_test_option');
  });

  it('sends the key of the profile to the URL of the profile only', () => {
    profile(JSON.stringify(theirs));
    expect(settings({ url: 'https://other.test' })).toEqual({ url: 'https://other.test' });
    expect(settings({ url: theirs.url })).toEqual(theirs);
  });

  it.each(['mt_test_secret', '{"key":', '{"token":"mt_test_secret"}', '{"url":"mt_test_secret"}'])(
    'is not read from a profile like %s, and the error repeats nothing of it',
    (text) => {
      profile(text);
      expect(() => settings()).toThrow(SetupError);
      expect(() => settings()).not.toThrow(/secret/);
    },
  );
});
