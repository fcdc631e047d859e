import type { Command } from 'commander';
import type { NewLoadTest } from '#client';
import { seconds, share, wholeNumber } from '../arguments.js';
import type { Cli } from '../cli.js';
import { showStates } from '../watching.js';
import { jobInWords, jobLine } from '../words.js';

interface LoadOptions {
  readonly rate?: number;
  readonly temporary?: number;
  readonly permanent?: number;
  readonly seed?: number;
  readonly owner?: string;
  readonly watch?: boolean;
  readonly timeout?: number;
}

/** `mailtide load`: many emails to made-up people of the sandbox. */
export function addLoad(program: Command, { mail, out }: Cli): void {
  program
    .command('load')
    .description('send many emails to made-up people of the sandbox, with a test key')
    .argument('<count>', '0 to 1,000,000', wholeNumber(0, 1_000_000))
    .option('--rate <count>', 'at most so many a second', wholeNumber(1, 100_000))
    .option('--temporary <share>', 'the part that is refused once, 0 to 1', share)
    .option('--permanent <share>', 'the part that is refused for good, 0 to 1', share)
    .option('--seed <number>', 'the same seed makes the same people fail', wholeNumber(0, 4_294_967_295))
    .option('--owner <id>', 'your own name for whom this is')
    .option('--watch', 'watch it until it has come to its end')
    .option('--timeout <seconds>', 'with --watch: give up after so long (status 5)', seconds)
    .action(async (count: number, options: LoadOptions) => {
      const job = await mail().loadTests.create(testOf(count, options));
      if (!options.watch) return out.result(job, () => jobInWords(job));
      const states = (signal: AbortSignal | undefined) => mail().jobs.watch(job.id, { signal });
      await showStates({ out }, { id: job.id, states, lineOf: jobLine, timeoutSeconds: options.timeout });
    });
}

const testOf = (count: number, { rate, temporary, permanent, seed, owner }: LoadOptions): NewLoadTest => ({
  count,
  ...(rate !== undefined && { ratePerSecond: rate }),
  ...((temporary ?? permanent) !== undefined && { failures: { temporary: temporary ?? 0, permanent: permanent ?? 0 } }),
  ...(seed !== undefined && { seed }),
  ...(owner !== undefined && { ownerId: owner }),
});
