import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adoptEnvironment, authMode, childEnvironment, readEnvironment, schedulerConfig, SetupError } from '#config';
import { dataDir, localAddresses } from './dev/services.js';
import { projectRoot } from './dev/project-root.js';
import { exitWith } from './say.js';
import { APPS } from './start/apps.js';
import { devSecretKey } from './start/dev-secret-key.js';
import { requireServers, withLocalServers } from './with-local-servers.js';

/** `npm run start:<app>`: one app in this process, with the servers that were given, else the local ones that run. */
try {
  const [name = ''] = process.argv.slice(2);
  const main = join(projectRoot(), 'dist/apps', name, 'src/main.js');
  if (!APPS.some((app) => app.name === name) || !existsSync(main)) throw new SetupError(`There is no app "${name}".`);
  const env = withLocalServers(childEnvironment({}), await localAddresses());
  requireServers(env, '`npm run services -- up` and `npm run migrate`');
  const { SECRET_KEY, ...caller } = readEnvironment(
    schedulerConfig.pick({ HOST: true, AUTH_MODE: true, DEV_BEHIND_LOOPBACK: true, SECRET_KEY: true }),
    env,
  );
  const isMade = SECRET_KEY === undefined && authMode(caller) === 'dev';
  adoptEnvironment(isMade ? { ...env, SECRET_KEY: devSecretKey(dataDir()) } : env);
  await import(pathToFileURL(main).href);
} catch (error) {
  exitWith(error);
}
