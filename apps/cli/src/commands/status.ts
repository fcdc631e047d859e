import { type Command, Option } from 'commander';
import type { Cli } from '../cli.js';
import { table } from '../table.js';

/** `mailtide status`: where Mailtide is, who is calling, and what waits. `-o env` is for `eval` in a shell. */
export function addStatus(program: Command, { mail, out, settings }: Cli): void {
  program
    .command('status')
    .description('where Mailtide is, who is calling, and what waits')
    .addOption(new Option('-o, --output <format>', 'how').choices(['table', 'env', 'json']).default('table'))
    .action(async ({ output }: { output: 'table' | 'env' | 'json' }) => {
      const { url, gatewayUrl } = settings();
      const { tenant, mode, authMode } = await mail().me();
      const { scheduled, due, queued, sending, retrying, oldestDueAgeSeconds, nextDueAt } = await mail().queue();
      const queue = { scheduled, due, queued, sending, retrying, oldestDueAgeSeconds, nextDueAt };
      const facts = { url, gatewayUrl, tenant, mode, authMode, ...queue };
      if (output === 'env') return out.line(inShell({ MAILTIDE_URL: url, MAILTIDE_GATEWAY_URL: gatewayUrl }));
      if (output === 'json') return out.line(JSON.stringify(facts));
      const rows = Object.entries(facts);
      return out.result(facts, () => table(rows, { what: ([name]) => name, is: ([, value]) => value }));
    });
}

const inShell = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}='${value.replaceAll("'", String.raw`'\''`)}'`)
    .join('\n');
