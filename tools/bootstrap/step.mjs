import { spawn } from 'node:child_process';

/**
 * Runs one step and says how long it took; `hint` says beforehand how long that may be; its output goes to stderr, where it does not mix with results.
 * A step that fails has shown why, so this process ends with status 1; it also ends when it is told to, with its step.
 */
export async function step(title, command, args, hint = '') {
  const began = performance.now();
  process.stderr.write(`${title}${hint} …\n`);
  const child = spawn(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  const end = () => {
    child.kill('SIGTERM');
    process.exit(143);
  };
  process.once('SIGTERM', end);
  // npm's shell may die without telling us.
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && end(), 500);
  const status = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  clearInterval(watch);
  process.removeListener('SIGTERM', end);
  if (status !== 0) {
    process.stderr.write(`${title}: failed (${status}), see above\n`);
    process.exit(1);
  }
  process.stderr.write(`${title}: done in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
