import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, fingerprintOf } from './files.mjs';
import { step } from './step.mjs';

const APP = 'apps/dashboard';
const STAMP = 'dist/.dashboard';
/** The client is the only library in it; what the lock file pins is, too. */
const sources = (root) =>
  ['package.json', 'package-lock.json', ...filesIn(root, APP), ...filesIn(root, 'libs/client')].filter(
    (path) => !path.endsWith('.spec.ts'),
  );

/** Whether dist/dashboard was built from the files as they are now. */
export function isDashboardBuilt(root) {
  if (!existsSync(join(root, APP))) return true;
  const stamp = join(root, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprintOf(root, sources(root));
}

/** Puts the page's files into dist/dashboard. */
export async function buildDashboard(root) {
  const before = fingerprintOf(root, sources(root));
  rmSync(join(root, STAMP), { force: true });
  await step('Building the dashboard', process.execPath, [
    'node_modules/vite/bin/vite.js',
    'build',
    APP,
    '--logLevel',
    'warn',
  ]);
  writeFileSync(join(root, STAMP), before); // what changed meanwhile makes it stale
}
