import type { Command } from 'commander';
import type { Delivery, Email, Job, WatchOptions } from '#client';
import { seconds } from '../arguments.js';
import type { Cli } from '../cli.js';
import { showStates } from '../watching.js';
import { bar, countsInWords, jobLine } from '../words.js';

type State = Email | Delivery | Job;

/** `mailtide watch`: live, until everything has come to its end. On a terminal one line that changes, else a JSON value a change. */
export function addWatch(program: Command, { mail, out }: Cli): void {
  program
    .command('watch <id>')
    .description('watch an email (em_…), a delivery (dl_…) or a job (job_…) until it has come to its end')
    .option('--timeout <seconds>', 'give up after so long (status 5)', seconds)
    .action(async (id: string, { timeout }: { readonly timeout?: number }) => {
      const states = (signal: AbortSignal | undefined) => watched(id, { signal });
      await showStates({ out }, { id, states, lineOf, timeoutSeconds: timeout });
    });

  const watched = (id: string, options: WatchOptions): AsyncGenerator<State, void> => {
    if (id.startsWith('dl_')) return mail().deliveries.watch(id, options);
    return id.startsWith('job_') ? mail().jobs.watch(id, options) : mail().emails.watch(id, options);
  };
}

function lineOf(state: State): string {
  if (state.object === 'delivery') return `${state.id}  ${state.status}  ${state.to}`;
  if (state.object === 'job') return jobLine(state);
  const { total, scheduled, queued, sending } = state.counts;
  const done = total === 0 ? 1 : 1 - (scheduled + queued + sending) / total;
  return `${bar(done)}  ${state.status}  ${countsInWords(state.counts)}`;
}
