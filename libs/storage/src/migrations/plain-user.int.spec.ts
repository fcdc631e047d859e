import { expect, it } from '@jest/globals';
import type { TenantId } from '#domain';
import { readEnvironment, testConfig } from '#config';
import { createLog } from '#telemetry';
import { openFree, openPinned, testDatabase, uniqueName } from '#testing';
import { ensureTenant } from '../callers/callers.js';
import { runMigrations } from '../data-source.js';
import { createEmails } from '../emails/create-emails.js';
import { openDatabase } from '../open-database.js';
import { anEmail } from '../testing/builders.js';
import { rowsOf } from '../testing/spec-database.js';

/** A managed Postgres has no superuser to give: an owner who may make roles has to be enough. */

interface Place {
  readonly url: string;
  readonly remove: () => Promise<void>;
}

async function aPlace(): Promise<Place> {
  const { TEST_DATABASE_URL: run } = readEnvironment(testConfig);
  const name = uniqueName('mailtide_plain').replaceAll('-', '_');
  const admin = openPinned(run, 1);
  await rowsOf(admin, `create role ${name} login password 'spec'`);
  await rowsOf(admin, `create database ${name} owner ${name}`);
  const url = new URL(run);
  Object.assign(url, { username: name, password: 'spec', pathname: name });
  return {
    url: url.href,
    remove: async () => {
      await rowsOf(admin, `drop database ${name} with (force)`);
      await rowsOf(admin, `drop role ${name}`);
      await admin.stop();
    },
  };
}

it('the owner of a database who is no superuser migrates it, works in it, and lets the apps in', async () => {
  const { TEST_DATABASE_URL: run } = readEnvironment(testConfig);
  const other = await testDatabase(); // somebody migrated on this server before: the roles are there
  const { url, remove } = await aPlace();
  const admin = openPinned(run, 1);
  await rowsOf(admin, `grant mt_api, mt_worker to ${new URL(url).username}`);
  await runMigrations(url);
  const owner = openFree(url, 1);
  const acme = await ensureTenant(owner, 'acme');
  await createEmails(owner, [anEmail({ tenantId: acme })]);

  const log = createLog({ app: 'spec', level: 'silent', pretty: false });
  const api = await openDatabase(
    { url, unsafe: true },
    { application: 'spec', maxConnections: 1, plans: 'free', role: 'mt_api', log },
  );
  const seen = (of: readonly TenantId[]) => rowsOf(api.of(...of), 'select from emails');
  expect(await seen([acme])).toHaveLength(1);
  expect(await seen([])).toHaveLength(0);

  for (const db of [owner, api, admin]) await db.stop();
  await remove();
  await other.drop();
}, 60_000);

it('an owner who may neither make the roles nor act as them is told what an administrator has to do', async () => {
  const { url, remove } = await aPlace();
  await expect(runMigrations(url)).rejects.toThrow(
    /^DATABASE_URL: the schema cannot be made: mailtide_plain_\w+ may not .* grant mt_api, mt_worker to mailtide_plain_/,
  );
  await remove();
}, 60_000);
