import type { Command } from 'commander';
import type { EmailListItem, EmailQuery } from '#client';
import { wholeNumber } from '../arguments.js';
import type { Cli } from '../cli.js';

interface Wish {
  readonly status?: NonNullable<EmailQuery['status']>;
  readonly to?: string;
  readonly owner?: string;
  readonly tag?: string[];
  readonly limit: number;
}

const PAGE = 100;

const COLUMNS = {
  id: ({ id }: EmailListItem) => id,
  status: ({ status }: EmailListItem) => status,
  due: ({ scheduledAt }: EmailListItem) => scheduledAt,
  to: ({ to }: EmailListItem) => to.join(', '),
  subject: ({ subject }: EmailListItem) => subject,
};

/** `mailtide ls`: what there is. */
export function addList(program: Command, { mail, out }: Cli): void {
  program
    .command('ls')
    .description('emails, newest first')
    .option('--status <status...>', 'only these: scheduled, sent, failed ...')
    .option('--to <address>', 'only to this recipient')
    .option('--owner <id>', 'only of this owner')
    .option('--tag <name:value...>', 'only with these tags')
    .option('--limit <n>', 'so many at most', wholeNumber(1, 1_000_000), 25)
    .action(async ({ owner, limit, ...filter }: Wish) => {
      const query = { ...filter, ...(owner !== undefined && { ownerId: owner }), limit: Math.min(limit, PAGE) };
      const emails: EmailListItem[] = [];
      for await (const email of mail().emails.list(query)) {
        emails.push(email);
        if (emails.length === limit) break;
      }
      out.rows(emails, COLUMNS, 'There are no such emails.');
    });
}
