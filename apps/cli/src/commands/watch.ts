import type { Command } from 'commander';
import type { Delivery, Email, Job, WatchOptions } from '#client';
import { seconds } from '../arguments.js';
import type { Cli } from '../cli.js';
import { TimedOut } from '../exit-codes.js';
import { countsInWords, percent, workInWords } from '../words.js';

type State = Email | Delivery | Job;

/** `mailtide watch`: live, until everything has come to its end. On a terminal one line that changes, else a JSON value a change. */
export function addWatch(program: Command, { mail, out }: Cli): void {
  program
    .command('watch <id>')
    .description('watch an email (em_…), a delivery (dl_…) or a job (job_…) until it has come to its end')
    .option('--timeout <seconds>', 'give up after so long (status 5)', seconds)
    .action(async (id: string, { timeout }: { readonly timeout?: number }) => {
      const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1_000);
      for await (const state of watched(id, { signal })) out.state(state, () => lineOf(state));
      out.lastState();
      if (signal?.aborted) throw new TimedOut(`${id} has not come to its end within ${timeout} s.`);
    });

  const watched = (id: string, options: WatchOptions): AsyncGenerator<State, void> => {
    if (id.startsWith('dl_')) return mail().deliveries.watch(id, options);
    return id.startsWith('job_') ? mail().jobs.watch(id, options) : mail().emails.watch(id, options);
  };
}

function lineOf(state: State): string {
  if (state.object === 'delivery') return `${state.id}  ${state.status}  ${state.to}`;
  if (state.object === 'job') return `${bar(state.progress)}  ${state.status}  ${workInWords(state)}`;
  const { total, scheduled, queued, sending } = state.counts;
  const done = total === 0 ? 1 : 1 - (scheduled + queued + sending) / total;
  return `${bar(done)}  ${state.status}  ${countsInWords(state.counts)}`;
}

const BAR = 30;

function bar(share: number): string {
  const full = Math.round(share * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent(share)}`;
}
