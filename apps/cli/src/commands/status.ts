import { type Command, Option } from 'commander';
import type { Cli } from '../cli.js';
import { table } from '../table.js';

/** `mailtide status`: where Mailtide is, who is calling, and what waits. `-o env` is for a shell. */
export function addStatus(program: Command, { mail, out }: Cli): void {
  program
    .command('status')
    .description('where Mailtide is, who is calling, and what waits')
    .addOption(
      new Option('-o, --output <format>', 'not as the place it goes to asks').choices(['table', 'env', 'json']),
    )
    .action(async ({ output }: { readonly output?: 'table' | 'env' | 'json' }) => {
      const { url, gatewayUrl } = mail();
      const { tenant, mode, authMode } = await mail().me();
      const { scheduled, due, queued, sending, retrying, oldestDueAgeSeconds, nextDueAt } = await mail().queue();
      const queue = { scheduled, due, queued, sending, retrying, oldestDueAgeSeconds, nextDueAt };
      const facts = { url, gatewayUrl, tenant, mode, authMode, ...queue };
      const pretty = () => table(Object.entries(facts), { what: ([name]) => name, is: ([, value]) => value });
      if (output === 'env') out.line(inShell({ MAILTIDE_URL: url, MAILTIDE_GATEWAY_URL: gatewayUrl }));
      else if (output === 'json') out.line(JSON.stringify(facts));
      else if (output === 'table') out.line(pretty());
      else out.result(facts, pretty);
    });
}

const inShell = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}='${value.replaceAll("'", String.raw`'\''`)}'`)
    .join('\n');
