import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { banner, type BannerFacts } from './banner.js';
import { shownSmtpServer } from './shown-smtp-server.js';

const facts: BannerFacts = {
  elapsedMs: 6_412,
  auth: 'dev',
  faces: { api: 'http://localhost:3000', gateway: 'http://localhost:3001', host: 'localhost' },
  apiPort: 3000,
  smtpPort: 2525,
  liveMail: null,
  hasBootstrapKey: false,
  postgresPort: 15_432,
  brokers: '127.0.0.1:19092',
  topics: 8,
  testKey: 'mt_test_4fQ',
};
const golden = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

describe('the banner', () => {
  it('is the one of the interface', () => {
    expect(`${banner(facts)}\n`).toBe(golden('./banner.golden.txt'));
  });

  it('says with keys that a key is needed, and shows the servers of others', () => {
    const external = { ...facts, auth: 'keys', postgresPort: null, brokers: 'k1:9092,k2:9092', testKey: null } as const;
    expect(`${banner(external)}\n`).toBe(golden('./banner-keys.golden.txt'));
  });

  it('names the key that opens it, when there is one', () => {
    expect(banner({ ...facts, auth: 'keys', hasBootstrapKey: true })).toContain('; BOOTSTRAP_KEY is one)\n');
  });

  it('says where live mail goes, and neither user nor password', () => {
    const liveMail = shownSmtpServer('smtp://user:password@smtp.example.com:587');
    const shown = banner({ ...facts, liveMail });
    expect(shown).toContain('auth: dev (this machine needs no key; test mail stays in the sandbox)\n');
    expect(shown).toContain('\n  Live mail    smtp://smtp.example.com:587, with a live key\n');
    expect(shownSmtpServer('smtps://[::1]')).toBe('smtps://[::1]:465');
  });

  it('is a fact a line where the screen is too narrow for its columns', () => {
    const narrow = banner({ ...facts, liveMail: 'smtp://smtp.example.com:587' }, 80);
    expect(`${narrow}\n`).toBe(golden('./banner-narrow.golden.txt'));
    expect(banner(facts, 200)).toBe(banner(facts));
  });

  it('begins with the words that programs wait for', () => {
    expect(banner(facts)).toMatch(/^Mailtide is ready in 6\.4 s /);
  });
});
