import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError, type StartConfig } from '#config';
import { postgresPlace } from '../dev/postgres-place.js';
import { alreadyRuns, otherStart } from '../dev/running-start.js';
import { isInUse } from '../dev/server-state.js';
import { stopByState } from '../dev/service.js';

/** Empties the local Postgres and Kafka, which must not run; refuses when a server is not ours. The downloaded programs stay. */
export async function resetData(config: StartConfig, dataDir: string): Promise<void> {
  for (const name of ['DATABASE_URL', 'KAFKA_BROKERS'] as const) {
    if (config[name] !== undefined) {
      throw new SetupError(
        `${name}: is set, and --reset never empties a server that npm start did not start; unset it`,
      );
    }
  }
  const stateDir = join(dataDir, 'run');
  const other = otherStart(stateDir);
  for (const server of ['postgres', 'kafka']) {
    if (await isInUse(stateDir, server)) {
      if (other) throw new SetupError(alreadyRuns(other));
      throw new SetupError(
        `--reset: ${server} of this checkout is in use; stop the other \`npm start\`, or run \`npm run services -- down\``,
      );
    }
  }
  await stopByState(stateDir, 'kafka', 'SIGTERM'); // what a killed run left behind
  await stopByState(stateDir, 'postgres', 'SIGINT');
  await rm((await postgresPlace(dataDir)).dataDir, { recursive: true, force: true });
  await rm(join(dataDir, 'kafka', 'data'), { recursive: true, force: true });
}
