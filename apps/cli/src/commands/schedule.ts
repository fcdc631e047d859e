import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { Cli } from '../cli.js';
import { emailInWords } from '../words.js';

interface Wish {
  readonly to: string[];
  readonly cc?: string[];
  readonly bcc?: string[];
  readonly from?: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly at?: string;
  readonly class?: 'otp' | 'transactional' | 'bulk';
  readonly tag?: Record<string, string>;
  readonly idempotencyKey?: string;
}

/** `mailtide schedule`: an email, now or at a time. */
export function addSchedule(program: Command, { mail, out }: Cli): void {
  program
    .command('schedule')
    .description('schedule an email; without --at it goes now')
    .requiredOption('--to <address...>', 'recipients: a@b.c or "Name <a@b.c>"')
    .option('--cc <address...>', 'copies that everybody sees')
    .option('--bcc <address...>', 'copies that nobody sees')
    .option('--from <address>', 'the sender, if not the usual one')
    .requiredOption('--subject <text>', 'the subject')
    .option('--text <text>', 'the text; "-" reads it from standard input', readText)
    .option('--html <file>', 'a file with HTML; "-" reads it from standard input', readFile)
    .option('--at <instant>', 'when, with its offset: 2027-01-05T09:00:00+01:00')
    .option('--class <class>', 'otp, transactional or bulk')
    .option('--tag <name=value>', 'a tag; may be given again', readTag)
    .option('--idempotency-key <key>', 'makes it safe to run again')
    .action(async (wish: Wish) => {
      const { at, tag, idempotencyKey, ...email } = wish;
      const body = { ...email, ...(at !== undefined && { scheduledAt: at }), ...(tag && { tags: tag }) };
      const created = await mail().emails.create(body, idempotencyKey === undefined ? {} : { idempotencyKey });
      out.result(created, () => emailInWords(created));
    });
}

const readText = (text: string): string => (text === '-' ? readFile('-') : text);

function readFile(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function readTag(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`"${text}" is no tag; write name=value`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
