import { type Command, InvalidArgumentError } from 'commander';
import type { Delivery, Email, Job } from '#client';
import type { Cli } from '../cli.js';
import { TimedOut } from '../exit-codes.js';
import { countsInWords } from '../words.js';

/** `mailtide watch`: live, until everything has come to its end. On a terminal one line that changes, else a JSON value a change. */
export function addWatch(program: Command, { mail, out }: Cli): void {
  program
    .command('watch <id>')
    .description('watch an email (em_…), a delivery (dl_…) or a job (job_…) until it has come to its end')
    .option('--timeout <seconds>', 'give up after so long (status 5)', positive)
    .action(async (id: string, { timeout }: { timeout?: number }) => {
      const ending = new AbortController();
      const timer = timeout === undefined ? undefined : setTimeout(() => ending.abort(), timeout * 1_000);
      const options = { signal: ending.signal };
      let last: Email | Delivery | Job | undefined;
      for await (const state of watched(id, options)) {
        last = state;
        if (out.isPretty) process.stdout.write(`\r\u001b[K${lineOf(state)}`);
        else out.record(state, () => '');
      }
      clearTimeout(timer);
      if (out.isPretty && last) process.stdout.write('\n');
      if (ending.signal.aborted) throw new TimedOut(`${id} has not come to its end within ${timeout} s.`);
    });

  const watched = (
    id: string,
    options: { readonly signal: AbortSignal },
  ): AsyncGenerator<Email | Delivery | Job, void> => {
    if (id.startsWith('dl_')) return mail().deliveries.watch(id, options);
    return id.startsWith('job_') ? mail().jobs.watch(id, options) : mail().emails.watch(id, options);
  };
}

const BAR = 30;

function lineOf(state: Email | Delivery | Job): string {
  if (state.object === 'delivery') return `${state.id}  ${state.status}  ${state.to}`;
  if (state.object === 'job')
    return `${bar(state.progress)}  ${state.status}  ${state.counts ? countsInWords(state.counts) : rowsInWords(state)}`;
  const { total, scheduled, queued, sending } = state.counts;
  const done = total === 0 ? 1 : 1 - (scheduled + queued + sending) / total;
  return `${bar(done)}  ${state.status}  ${countsInWords(state.counts)}`;
}

const rowsInWords = ({ rows }: Job): string =>
  rows ? `${rows.done} of ${rows.total} rows, ${rows.rejected} rejected` : '';

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${String(Math.round(share * 100)).padStart(3)} %`;
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('a number of seconds is needed');
}
