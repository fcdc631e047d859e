import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './step.mjs';

/** Whether node_modules holds what package-lock.json says. npm writes its own list last, so a half-done install has none. */
export function isInstalled(root) {
  const installed = packages(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  return Object.entries(packages(join(root, 'package-lock.json')) ?? {}).every(
    ([path, wanted]) =>
      path === '' ||
      installed[path]?.version === wanted.version ||
      (installed[path] === undefined && isOptional(wanted)), // those of other systems are left out
  );
}

/** Development packages too, whatever NODE_ENV says: the compiler is one of them. */
export function install() {
  const args = ['ci', '--include=dev', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm === undefined ? ['npm'] : [process.execPath, npm];
  return step('Installing packages (npm ci)', command, [...before, ...args], ', about a minute the first time');
}

function packages(lock) {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

const isOptional = (wanted) => wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
