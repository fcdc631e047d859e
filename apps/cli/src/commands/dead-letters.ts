import type { Command } from 'commander';
import type { DeadLetter } from '#client';
import { wholeNumber } from '../arguments.js';
import type { Cli } from '../cli.js';
import { plain } from '../table.js';

type Listed = Pick<DeadLetter, 'id' | 'kind' | 'reason' | 'status' | 'deliveryId' | 'error' | 'createdAt'>;

const COLUMNS = {
  id: ({ id }: Listed) => id,
  kind: ({ kind }: Listed) => kind,
  reason: ({ reason }: Listed) => reason,
  status: ({ status }: Listed) => status,
  delivery: ({ deliveryId }: Listed) => deliveryId,
  error: ({ error }: Listed) => error,
};

interface ListOptions {
  readonly reason?: string;
  readonly limit: number;
}

interface RedriveOptions {
  readonly reason: string;
  readonly real?: boolean;
}

/** `mailtide deadletters` and `mailtide redrive`: what could not be sent or read, and waits for a person. */
export function addDeadLetters(program: Command, { mail, out }: Cli): void {
  const letters = program.command('deadletters').description('what could not be sent or read, and waits for a person');

  letters
    .command('ls')
    .description('dead letters, newest first')
    .option('--reason <reason>', 'only of this reason: time_budget_spent, render_error ...')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 100), 25)
    .action(async ({ reason, limit }: ListOptions) => {
      const { data } = await mail()
        .deadLetters.list({ limit, ...(reason !== undefined && { reason }) })
        .page();
      out.rows<Listed>(data, COLUMNS, 'There are no dead letters.');
    });

  letters
    .command('show <id>')
    .description('a dead letter with what was said')
    .action(async (id: string) => {
      const letter = await mail().deadLetters.get(id);
      out.result(letter, () => letterInWords(letter));
    });

  letters
    .command('discard <id>')
    .description('leave it unsent for good; it stays listed')
    .option('--reason <text>', 'why', 'from the command line')
    .action(async (id: string, { reason }: { readonly reason: string }) => {
      const letter = await mail().deadLetters.discard(id, { reason });
      out.result(letter, () => `${id} is ${letter.status}`);
    });

  program
    .command('redrive')
    .description('send dead letters of a reason again: a dry run, unless --real')
    .requiredOption('--reason <reason>', 'of which reason: time_budget_spent, render_error ...')
    .option('--real', 'do it')
    .action(async ({ reason, real = false }: RedriveOptions) => {
      const answer = await mail().deadLetters.redrive({ filter: { reason }, dryRun: !real });
      out.result(answer, () => redriveInWords(answer));
    });
}

const letterInWords = ({ id, reason, status, error, conversation, createdAt }: DeadLetter): string =>
  [
    `${id}  ${status}  ${reason}  ${createdAt}`,
    ...[error, ...conversation].flatMap((line) => (line ? [`  ${plain(line)}`] : [])),
  ].join('\n');

function redriveInWords(answer: object): string {
  if ('id' in answer) return `${String(answer.id)} sends them again`;
  const matched = 'matched' in answer ? Number(answer.matched) : 0;
  const blocked = 'blocked' in answer && Array.isArray(answer.blocked) ? answer.blocked.length : 0;
  return `${matched} match, of which ${blocked} could not be sent. With --real the others are sent again.`;
}
