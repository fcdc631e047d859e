// Plain JavaScript without dependencies: in a fresh clone nothing is installed or compiled yet.
//
//   node tools/bootstrap.mjs                         installs and builds what is missing or stale
//   node tools/bootstrap.mjs --install               installs only
//   node tools/bootstrap.mjs --build                 builds in any case
//   node tools/bootstrap.mjs dist/tools/x.js a b     the same, then goes on with this program and its arguments
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, isBuilt } from './bootstrap/build.mjs';
import { install, isInstalled } from './bootstrap/install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [first, ...rest] = process.argv.slice(2);

requireNode(20, 19);
process.chdir(root);
if (!isInstalled(root)) await install();
if (first !== '--install' && (first === '--build' || !isBuilt(root))) await build(root, { all: first === '--build' });
if (first !== undefined && !first.startsWith('--')) await goOn(resolve(root, first), rest);

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  process.stderr.write(
    `Mailtide needs Node ${major}.${minor} or newer, and this is ${process.versions.node}. Install one (\`nvm install 24\`, or https://nodejs.org) and run the same command again.\n`,
  );
  process.exit(1);
}

/** In this same process, so that signals and the exit status need nobody in between. */
async function goOn(program, args) {
  process.argv = [process.argv[0], program, ...args];
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(program).href);
}
