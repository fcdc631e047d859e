import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { type Finding, findings } from '../findings.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../table.js';

const COLUMNS = {
  check: ({ check }: Finding) => check,
  is: ({ ok }: Finding) => (ok ? 'ok' : 'NOT OK'),
  detail: ({ detail }: Finding) => detail,
};

/** `mailtide doctor`: whether everything that a caller needs is well, and what to do where it is not. */
export function addDoctor(program: Command, { mail, out }: Cli): void {
  program
    .command('doctor')
    .description('check the API, the gateway, the key, the queue and the clocks')
    .action(async () => {
      const found = await findings(mail());
      out.result(found, () => table(found, COLUMNS, Infinity)); // what to do is not cut off
      if (found.some(({ ok }) => !ok)) process.exitCode = EXIT.refused;
    });
}
