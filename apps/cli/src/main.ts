import { cliWith } from './cli.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { Output } from './output.js';
import { makeProgram } from './program.js';
import type { Settings } from './settings.js';

/** `mailtide`: one command, one result, one exit status (interface 7). */
const out = new Output({ out: process.stdout, err: process.stderr }, () => process.argv.includes('--json'));
const program = makeProgram((root) => cliWith(out, () => root.opts<Settings>()));

// Whoever reads has had enough: `mailtide ls | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.refused),
);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (process.exitCode !== EXIT.ok) out.problem(error);
}
