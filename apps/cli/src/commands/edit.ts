import type { Command } from 'commander';
import { fileOrInput, textOrInput } from '../arguments.js';
import type { Cli } from '../cli.js';
import { emailInWords } from '../words.js';

interface Wish {
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly at?: string;
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
    .option('--at <instant>', 'another time, with its offset')
    .option('--to <address...>', 'other recipients')
    .action(async (id: string, { at, ...patch }: Wish) => {
      const email = await mail().emails.update(id, { ...patch, ...(at !== undefined && { scheduledAt: at }) });
      out.result(email, () => emailInWords(email));
    });
}
