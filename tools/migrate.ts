import { childEnvironment, migrateConfig, readEnvironment } from '#config';
import { localAddresses } from './dev/services.js';
import { prepareStores } from './migrate/prepare-stores.js';
import { exitWith, say } from './say.js';
import { requireServers, withLocalServers } from './with-local-servers.js';

/** `npm run migrate`: the schema and the topics, as they must be before the apps start. Safe to run again, and by several at once. */
try {
  const env = withLocalServers(childEnvironment({}), await localAddresses());
  requireServers(env, '`npm run services -- up`');
  const { migrations, topics } = await prepareStores(readEnvironment(migrateConfig, env));
  say(`migrations: ${migrations.join(', ') || 'nothing to do'}`);
  say(`topics: ${topics.join(', ') || 'nothing to do'}`);
  process.exit(0);
} catch (error) {
  exitWith(error);
}
