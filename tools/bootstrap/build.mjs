import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildDashboard, isDashboardBuilt } from './build-dashboard.mjs';
import { filesIn, fingerprintOf } from './files.mjs';
import { step } from './step.mjs';

const FOLDERS = ['apps', 'libs', 'tools'];
const SETTINGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
const STAMP = 'dist/.built';

/** Whether dist was built from the files as they are now. */
export const isBuilt = (root) => areProgramsBuilt(root) && isDashboardBuilt(root);

/** Builds what is stale of the programs and the dashboard; all of it where it is told to. */
export async function build(root, { all }) {
  if (all || !areProgramsBuilt(root)) await buildPrograms(root);
  if (all || !isDashboardBuilt(root)) await buildDashboard(root);
}

const areProgramsBuilt = (root) => {
  const stamp = join(root, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root);
};

/** Compiles apps, libs and tools to dist, and puts the files beside the code there that no compiler copies (SQL). */
async function buildPrograms(root) {
  const before = fingerprint(root);
  rmSync(join(root, STAMP), { force: true });
  forgetOldSettings(root);
  await step('Building', process.execPath, [
    'node_modules/typescript-native/bin/tsc',
    '-p',
    'tsconfig.build.json',
    ...(process.stderr.isTTY ? ['--pretty'] : []),
  ]);
  for (const path of sources(root).filter(isAsset)) {
    const target = join(root, 'dist', path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, path), target);
  }
  writeFileSync(join(root, STAMP), before); // what changed meanwhile makes it stale
}

/** The compiler repeats what it remembers of unchanged files, even when its settings have changed. */
function forgetOldSettings(root) {
  const path = join(root, 'dist/.settings');
  const settings = SETTINGS.map((name) => readFileSync(join(root, name), 'utf8')).join('');
  if (existsSync(path) && readFileSync(path, 'utf8') === settings) return;
  rmSync(join(root, 'dist/.tsbuildinfo'), { force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, settings);
}

const fingerprint = (root) => fingerprintOf(root, [...SETTINGS, ...sources(root)]);

/** What goes into dist, as paths from the root: not the specs and what they compare with, nor the dashboard (Vite builds it). */
function sources(root) {
  return FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => filesIn(root, folder, ['apps/dashboard']))
    .filter((path) => !/\.spec\.ts$|\.golden\.|\.md$|\.mjs$/.test(path));
}

/** Tools read their own files from the source tree, which is always there when they run. */
const isAsset = (path) => !path.endsWith('.ts') && !path.startsWith('tools/');
