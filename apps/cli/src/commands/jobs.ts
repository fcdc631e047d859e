import { type Command, Option } from 'commander';
import type { Cli } from '../cli.js';
import { jobInWords } from '../words.js';

type RetryStatus = 'failed' | 'expired' | 'unknown';

/** `mailtide jobs`: what only jobs can. */
export function addJobs(program: Command, { mail, out }: Cli): void {
  const jobs = program.command('jobs').description('jobs: campaigns, load tests, batches');

  jobs
    .command('retry <id>')
    .description('send again what ended badly in a job, and only that')
    .addOption(
      new Option('--status <status...>', 'which copies; naming unknown says that a second one is no harm')
        .choices(['failed', 'expired', 'unknown'])
        .default(['failed']),
    )
    .action(async (id: string, { status: statuses }: { readonly status: RetryStatus[] }) => {
      const job = await mail().jobs.retry(id, { statuses });
      out.result(job, () => jobInWords(job));
    });
}
