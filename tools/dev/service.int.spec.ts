import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answersOn, freePort } from './ports.js';
import { ownerOf } from './server-state.js';
import { launch, stopByState } from './service.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** A server that does nothing but accept connections, with a folder of its own for its state. */
async function aServer() {
  const stateDir = mkdtempSync(join(tmpdir(), 'mailtide-service-'));
  undo.push(() => rmSync(stateDir, { recursive: true, force: true }));
  const main = join(stateDir, 'main.mjs');
  writeFileSync(main, `import { createServer } from 'node:net'; createServer().listen(process.argv[2], '127.0.0.1');`);
  const statePath = join(stateDir, 'echo.json');
  const start = async (keepRunning = false) => {
    const port = await freePort(); // a new one each time: the system may have given away the last one
    const options = {
      name: 'echo',
      port,
      variables: { port: 'ECHO_PORT', instead: 'ECHO_URL' },
      stateDir,
      prepare: async () => ({ command: process.execPath, args: [main, String(port)] }),
      stopSignal: 'SIGTERM',
      isReady: () => answersOn(port),
      readyWithinMs: 10_000,
    } as const;
    const server = await launch(options, keepRunning);
    undo.push(() => stopByState(stateDir, 'echo', 'SIGTERM'));
    return server;
  };
  return { stateDir, statePath, start };
}

describe('a local server', () => {
  it('is forgotten when it is stopped', async () => {
    const { statePath, start } = await aServer();
    const server = await start();
    await server.stop();
    expect(existsSync(statePath)).toBe(false);
  });

  it.each(['stop', 'killNow'] as const)('that took the place of ours stays known after our %s', async (end) => {
    const { stateDir, statePath, start } = await aServer();
    const ours = await start();
    await stopByState(stateDir, 'echo', 'SIGTERM');
    await start(true);
    const theirs = readFileSync(statePath, 'utf8');
    await ours[end]();
    expect(readFileSync(statePath, 'utf8')).toBe(theirs);
  });

  it('has the process for an owner that stops it in the end, or none', async () => {
    const { stateDir, start } = await aServer();
    expect(ownerOf(stateDir, 'echo')).toBeUndefined();
    const ours = await start();
    expect(ownerOf(stateDir, 'echo')).toBe(process.pid);
    await ours.stop();
    await start(true);
    expect(ownerOf(stateDir, 'echo')).toBeUndefined();
  });
});
