import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { SupervisedApp } from './supervised-app.js';

const running: SupervisedApp[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An app whose whole code is given; it may use `folder`, which only it knows. */
function anApp(code: (folder: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), 'mailtide-app-'));
  folders.push(folder);
  const main = join(folder, 'main.mjs');
  writeFileSync(main, code(folder));
  const lines: string[] = [];
  const ends: { status: number; lastWords: string }[] = [];
  const app = new SupervisedApp({
    name: 'sender',
    main,
    env: {},
    say: (line) => void lines.push(line),
    onHopeless: (status, lastWords) => void ends.push({ status, lastWords }),
  });
  running.push(app);
  return { app, folder, lines, ends };
}

// Like a real app it ends with its parent, and so stays as long as that.
const STAY = `process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });
  process.on('disconnect', () => process.exit(1));
  process.send('ready');`;

describe('an app under npm start', () => {
  it('is ready when it says so, and drains when it is stopped', async () => {
    const { app, lines } = anApp(() => `console.log('hello'); ${STAY}`);
    await app.start();
    await app.stop();
    expect(lines).toEqual(['sender    | hello', 'sender    | drained']);
  });

  it('is started again when it dies, and that is said', async () => {
    const { app, folder, lines } = anApp(
      (mine) => `import { existsSync, writeFileSync } from 'node:fs';
        if (!existsSync('${mine}/died')) { writeFileSync('${mine}/died', ''); process.exit(3); }
        ${STAY}`,
    );
    await app.start();
    expect(existsSync(join(folder, 'died'))).toBe(true);
    expect(lines).toEqual(['sender ended (status 3): it is started again in 0.5 s']);
  });

  it('is not started again when its configuration is wrong; its words are handed on', async () => {
    const { app, lines, ends } = anApp(() => `console.error('SENDER_PORT: must be a number'); process.exit(78);`);
    void app.start();
    await eventually(() => expect(ends).toEqual([{ status: 78, lastWords: 'SENDER_PORT: must be a number' }]), 5_000);
    expect(lines).toEqual(['sender    | SENDER_PORT: must be a number']);
  });
});
