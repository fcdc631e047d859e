import { type Command, Option } from 'commander';
import type { Key } from '#client';
import { tenantName } from '../arguments.js';
import type { Cli } from '../cli.js';
import type { KeyWish } from '../make-key.js';

const COLUMNS = {
  id: ({ id }: Key) => id,
  hint: ({ hint }: Key) => hint,
  name: ({ name }: Key) => name,
  scopes: ({ scopes }: Key) => scopes.join(' '),
  'last used': ({ lastUsedAt }: Key) => lastUsedAt,
};

/** `mailtide keys`: the first key of a tenant is made by whoever holds the database; the others by whoever holds that key. */
export function addKeys(program: Command, { mail, out }: Cli): void {
  const keys = program.command('keys').description('API keys');

  keys
    .command('create')
    .description('make a key of a tenant, with DATABASE_URL; the secret is shown once')
    .requiredOption('--tenant <name>', 'the tenant; made if there is none of that name', tenantName)
    .addOption(new Option('--mode <mode>', 'live mail, or the sandbox').choices(['live', 'test']).default('test'))
    .option('--scopes <scope...>', 'what it may do: admin, emails:write, emails:read ...', ['admin'])
    .option('--name <name>', 'what it is for', 'from the command line')
    .action(async (wish: KeyWish) => {
      // Loaded when it is needed: it brings the driver of the database along.
      const { makeKey } = await import('../make-key.js');
      const { secret, tenant, mode, scopes, ...rest } = await makeKey(wish);
      const what = `tenant ${tenant}, ${mode} mode, scopes ${scopes.join(' ')}`;
      out.result({ ...rest, tenant, mode, scopes, secret }, () => `${secret}\n  ${what}. It is not shown again.`);
    });

  keys
    .command('ls')
    .description('the keys of the tenant, newest first')
    .action(async () => {
      const found: Key[] = [];
      for await (const key of mail().keys.list()) found.push(key);
      out.rows(found, COLUMNS, 'There are no keys.');
    });

  keys
    .command('revoke <id>')
    .description('end a key everywhere, within 5 seconds')
    .action(async (id: string) => {
      await mail().keys.revoke(id);
      out.result({ id, revoked: true }, () => `${id} is revoked`);
    });
}
