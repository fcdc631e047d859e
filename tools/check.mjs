// `npm run check`: everything that can be judged without servers, in the order in which one wants to hear of it.
//   node tools/check.mjs            all of it
//   node tools/check.mjs --static   without the unit tests
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

for (const script of scripts) {
  process.stderr.write(`\n== npm run ${script}\n`);
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm === undefined ? ['npm'] : [process.execPath, npm];
  const { status } = spawnSync(command, [...args, 'run', '--silent', script], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`\nnpm run ${script} failed\n`);
    process.exit(1);
  }
}
