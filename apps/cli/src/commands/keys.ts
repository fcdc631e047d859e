import { type Command, InvalidArgumentError, Option } from 'commander';
import { cliConfig, readEnvironment, SetupError } from '#config';
import { publicId } from '#domain';
import { type Scope, SCOPES } from '#http';
import { createKey, Database, ensureTenant } from '#storage';
import type { Cli } from '../cli.js';

interface Wish {
  readonly tenant: string;
  readonly mode: 'live' | 'test';
  readonly scopes: Scope[];
  readonly name: string;
}

/** `mailtide keys`: the first key of a tenant is made by whoever holds the database; the others by whoever holds that key. */
export function addKeys(program: Command, { mail, out }: Cli): void {
  const keys = program.command('keys').description('API keys');

  keys
    .command('create')
    .description('make a key of a tenant, with DATABASE_URL; the secret is shown once')
    .requiredOption('--tenant <name>', 'the tenant; made if there is none of that name', readTenant)
    .addOption(new Option('--mode <mode>', 'live mail, or the sandbox').choices(['live', 'test']).default('test'))
    .addOption(new Option('--scopes <scope...>', 'what it may do').choices(SCOPES).default(['admin']))
    .option('--name <name>', 'what it is for', 'from the command line')
    .action(async (wish: Wish) => {
      const made = await makeKey(wish);
      out.result(
        made,
        () =>
          `${made.secret}\n  tenant ${made.tenant}, ${made.mode} mode, scopes ${made.scopes.join(' ')}. It is not shown again.`,
      );
    });

  keys
    .command('ls')
    .description('the keys of the tenant, newest first')
    .action(async () => {
      const found = [];
      for await (const key of mail().keys.list()) found.push(key);
      type Key = (typeof found)[number];
      const columns = {
        id: (key: Key) => key.id,
        hint: (key: Key) => key.hint,
        name: (key: Key) => key.name,
        scopes: (key: Key) => key.scopes.join(' '),
        'last used': (key: Key) => key.lastUsedAt,
      };
      out.rows(found, columns, 'There are no keys.');
    });

  keys
    .command('revoke <id>')
    .description('end a key everywhere, within 5 seconds')
    .action(async (id: string) => {
      await mail().keys.revoke(id);
      out.result({ id, revoked: true }, () => `${id} is revoked`);
    });
}

async function makeKey({ tenant, mode, scopes, name }: Wish) {
  const { DATABASE_URL: url } = readEnvironment(cliConfig);
  if (url === undefined)
    throw new SetupError(
      'DATABASE_URL: is needed to make a key, for example postgres://user:password@localhost:5432/mailtide',
    );
  const db = new Database({
    url,
    application: 'mailtide cli',
    maxConnections: 1,
    plans: 'free',
    onIdleError: () => undefined,
  });
  try {
    const tenantId = await ensureTenant(db, tenant);
    const made = await createKey(db, { tenantId, mode, name, scopes, expiresAt: null });
    if (!made) throw new Error('the key was not stored');
    return { id: publicId('key', made.key.id), tenant, mode, scopes, secret: made.secret };
  } finally {
    await db.stop();
  }
}

function readTenant(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)) return name;
  throw new InvalidArgumentError('1 to 63 of a-z, 0-9, _ and -, beginning with a letter or a digit');
}
