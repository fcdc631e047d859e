import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttpApp } from '#http';
import { createLog } from '#telemetry';
import { serveDashboard } from './serve-dashboard.js';

@Module({})
class NothingModule {}

const folder = mkdtempSync(join(tmpdir(), 'mailtide-dashboard-'));
const log = createLog({ app: 'spec', level: 'silent', pretty: false });
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  app = await createHttpApp(NothingModule, { log });
  await serveDashboard(app, { gatewayUrl: 'http://localhost:3001', authMode: 'dev', folder });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string) => fetch(url + path, { redirect: 'manual' });

function build(): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<title>Mailtide</title>');
  writeFileSync(join(folder, 'assets', 'index-a1b2.js'), 'let a');
}

describe('the dashboard', () => {
  it('says how to build it where it is not built, and is there once it is', async () => {
    const missing = await get('/app/');
    expect([missing.status, await missing.text()]).toEqual([503, expect.stringContaining('npm run build')]);
    build();
    expect((await get('/app/')).status).toBe(200);
  });

  it.each(['/app', '/app/', '/app/jobs/job_1', '/app/nowhere/at/all'])('is at %s, new each time', async (path) => {
    build();
    const answer = await get(path);
    expect(await answer.text()).toContain('Mailtide');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
  });

  it('has assets for ever, and a 404 for those that are not there', async () => {
    build();
    expect((await get('/app/assets/index-a1b2.js')).headers.get('cache-control')).toContain('immutable');
    for (const name of ['index-old.js', '..%2findex.html', 'a%2fb.js', '.hidden']) {
      const answer = await get(`/app/assets/${name}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        404,
        expect.stringContaining('problem+json'),
      ]);
    }
  });

  it('is told where the gateway is, and whether keys are needed', async () => {
    const config = await (await get('/app/config.json')).json();
    expect(config).toEqual({
      gatewayUrl: 'http://localhost:3001',
      authMode: 'dev',
      version: expect.stringMatching(/^\d/),
    });
  });

  it('is what one finds at the root, with the query', async () => {
    const { status, headers } = await get('/?userid=1');
    expect([status, headers.get('location')]).toEqual([302, '/app/?userid=1']);
  });
});
