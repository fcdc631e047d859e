import type { Command } from 'commander';
import { fileOrInput, textOrInput } from '../arguments.js';
import type { Cli } from '../cli.js';
import { timeFields } from '../time-fields.js';
import { emailInWords } from '../words.js';

interface Wish {
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly at?: string;
  readonly tz?: string;
  readonly to?: string[];
}

/** `mailtide edit`: another wish for what no server has yet. */
export function addEdit(program: Command, { mail, out }: Cli): void {
  program
    .command('edit <id>')
    .description('change an email that no server has yet')
    .option('--subject <text>', 'another subject')
    .option('--text <text>', 'another text; "-" reads it from standard input', textOrInput)
    .option('--html <file>', 'a file with other HTML; "-" reads it from standard input', fileOrInput)
    .option('--at <time>', 'another time, with its offset, or with --tz a local one')
    .option('--tz <zone>', 'whose local time --at is: Europe/Berlin')
    .option('--to <address...>', 'other recipients')
    .action(async (id: string, { at, tz, ...patch }: Wish) => {
      const email = await mail().emails.update(id, { ...patch, ...timeFields(at, tz) });
      out.result(email, () => emailInWords(email));
    });
}
