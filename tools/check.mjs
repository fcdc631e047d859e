// `npm run check`: everything that can be judged without servers, in the order in which one wants to hear of it.
//   node tools/check.mjs            all of it
//   node tools/check.mjs --static   without the unit tests
// What the checks say goes to stderr; the one line on stdout names those that failed.
// Every tools/gen-<name>.ts is checked by the script check:<name>, but for those that need a server: specs check them.
import { spawnSync } from 'node:child_process';
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

const failed = scripts.filter((script) => !passes(script));
process.stderr.write('\n');
if (failed.length > 0) {
  process.stdout.write(`Failed: ${failed.map((script) => `npm run ${script}`).join(', ')}\n`);
  process.exit(1);
}

function passes(script) {
  process.stderr.write(`\n== npm run ${script}\n`);
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm === undefined ? ['npm'] : [process.execPath, npm];
  const { status, signal } = spawnSync(command, [...args, 'run', '--silent', script], {
    stdio: ['inherit', 2, 2],
    shell: process.platform === 'win32',
  });
  if (signal !== null) process.kill(process.pid, signal); // whoever stopped it meant all of them
  return status === 0;
}
