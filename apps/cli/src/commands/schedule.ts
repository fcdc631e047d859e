import { type Command, Option } from 'commander';
import { fileOrInput, tag, textOrInput } from '../arguments.js';
import type { Cli } from '../cli.js';
import { timeFields } from '../time-fields.js';
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
  readonly tz?: string;
  readonly class?: 'otp' | 'transactional' | 'bulk';
  readonly tag?: Record<string, string>;
  readonly owner?: string;
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
    .option('--text <text>', 'the text; "-" reads it from standard input', textOrInput)
    .option('--html <file>', 'a file with HTML; "-" reads it from standard input', fileOrInput)
    .option('--at <time>', 'when: 2027-01-05T09:00:00+01:00, or with --tz 2027-01-05T09:00')
    .option('--tz <zone>', 'whose local time --at is: Europe/Berlin')
    .addOption(new Option('--class <class>', 'how urgent it is').choices(['otp', 'transactional', 'bulk']))
    .option('--tag <name=value>', 'a tag; may be given again', tag)
    .option('--owner <id>', 'your own name for whom it is')
    .option('--idempotency-key <key>', 'makes it safe to run again')
    .action(async (wish: Wish) => {
      const { at, tz, tag: tags, owner, idempotencyKey, ...rest } = wish;
      const email = {
        ...rest,
        ...timeFields(at, tz),
        ...(owner !== undefined && { ownerId: owner }),
        ...(tags && { tags }),
      };
      const created = await mail().emails.create(email, idempotencyKey === undefined ? {} : { idempotencyKey });
      out.result(created, () => emailInWords(created));
    });
}
