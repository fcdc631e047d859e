// `npm run check`: everything that can be judged without servers, in the order in which one wants to hear of it.
//   node tools/check.mjs            all of it
//   node tools/check.mjs --static   without the unit tests
// What the checks say goes to stderr; the one line on stdout names those that failed.
// Every tools/gen-<name>.ts is checked by the script check:<name>, but for those that need a server: specs check them.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

const NEED_SERVERS = ['schema']; // libs/storage/src/schema/schema.int.spec.ts
const generated = readdirSync('tools')
  .flatMap((file) => /^gen-(.+)\.ts$/.exec(file)?.[1] ?? [])
  .filter((name) => !NEED_SERVERS.includes(name));
const scripts = [
  'format:check',
  'lint',
  'typecheck',
  ...generated.map((name) => `check:${name}`),
  ...(process.argv.includes('--static') ? [] : ['test:unit']),
];

// Two at a time: each has one processor for most of its time. What one says stands together.
const failed = [];
const waiting = [...scripts];
await Promise.all([work(), work()]);
process.stderr.write('\n');
if (failed.length > 0) {
  process.stdout.write(`Failed: ${failed.map((script) => `npm run ${script}`).join(', ')}\n`);
  process.exit(1);
}

async function work() {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) {
    if (!(await passes(script))) failed.push(script);
  }
}

function passes(script) {
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm === undefined ? ['npm'] : [process.execPath, npm];
  const child = spawn(command, [...args, 'run', '--silent', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      process.stderr.write(`\n== npm run ${script}\n${Buffer.concat(said).toString()}`);
      if (signal !== null) process.kill(process.pid, signal); // whoever stopped it meant all of them
      resolve(status === 0);
    });
  });
}
