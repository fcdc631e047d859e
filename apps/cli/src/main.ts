import { CommanderError } from 'commander';
import { cliWith } from './cli.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { Output } from './output.js';
import { makeProgram } from './program.js';

/** `mailtide`: one command, one result, one exit status (interface 7). */
let out: Output | undefined;
const program = makeProgram((options) => {
  out = new Output({ out: process.stdout, err: process.stderr }, () => options()['json'] === true);
  return cliWith(out, () => {
    const { url, gatewayUrl, key } = options() as {
      readonly url?: string;
      readonly gatewayUrl?: string;
      readonly key?: string;
    };
    return { ...(url && { url }), ...(gatewayUrl && { gatewayUrl }), ...(key && { key }) };
  });
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    out?.problem(error);
    process.exitCode = exitCodeOf(error);
  }
}
