import type { Command } from 'commander';
import type { Delivery, Email, Job, WatchOptions } from '#client';
import { seconds } from '../arguments.js';
import type { Cli } from '../cli.js';
import { watchCampaign } from '../watch-campaign.js';
import { showStates } from '../watching.js';
import { copiesLine, jobLine } from '../words.js';

type State = Email | Delivery | Job;

/** `mailtide watch`: live, until everything has come to its end. On a terminal one line that changes, else a JSON value a change. */
export function addWatch(program: Command, cli: Cli): void {
  const { mail, out } = cli;
  program
    .command('watch <id>')
    .description(
      'watch an email (em_…), a delivery (dl_…), a job (job_…) or a campaign (cmp_…) until it has come to its end',
    )
    .option('--timeout <seconds>', 'give up after so long (status 5)', seconds)
    .action(async (id: string, { timeout }: { readonly timeout?: number }) => {
      if (id.startsWith('cmp_')) return watchCampaign(cli, id, timeout);
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
  return copiesLine(state);
}
