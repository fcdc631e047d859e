import { join } from 'node:path';
import { SetupError, type StartConfig } from '#config';
import { alreadyRuns, otherStart } from '../dev/running-start.js';
import { isTaken } from '../dev/ports.js';
import { runningPort } from '../dev/server-state.js';
import type { Replica } from './replicas.js';

type PortName = Replica['ports'][number]['name'] | 'POSTGRES_PORT' | 'KAFKA_PORT';

interface Wanted {
  readonly name: PortName;
  readonly port: number;
  readonly host: string;
}

/** Throws one SetupError that names every port which another program has, or which two of ours want. */
export async function requireFreePorts(
  config: StartConfig,
  dataDir: string,
  replicas: readonly Replica[],
): Promise<void> {
  const wanted = [
    ...replicas.flatMap(({ ports }) => ports.map((port) => ({ ...port, host: config.HOST }))),
    ...(await ofServersToStart(config, dataDir)),
  ];
  const twins = wanted.flatMap((one, i) => twinProblem(one, wanted.slice(0, i)));
  if (twins.length > 0) throw new SetupError(twins.join('\n'));
  const taken = (await Promise.all(wanted.map(ifTaken))).flat();
  const other = otherStart(join(dataDir, 'run'));
  if (other && taken.some(({ port }) => other.ports.includes(port))) throw new SetupError(alreadyRuns(other));
  if (taken.length > 0) throw new SetupError(taken.map(takenProblem).join('\n'));
}

/** A server of ours that runs already has its port rightly. */
async function ofServersToStart(config: StartConfig, dataDir: string): Promise<Wanted[]> {
  const servers = [
    { name: 'POSTGRES_PORT', given: config.DATABASE_URL, state: 'postgres' },
    { name: 'KAFKA_PORT', given: config.KAFKA_BROKERS, state: 'kafka' },
  ] as const;
  const found = await Promise.all(
    servers.map(async ({ name, given, state }) => {
      const needed = given === undefined && (await runningPort(join(dataDir, 'run'), state)) === undefined;
      return needed ? [{ name, port: config[name], host: '127.0.0.1' }] : [];
    }),
  );
  return found.flat();
}

/** Port 0 is whichever the system finds free. */
function twinProblem({ name, port }: Wanted, before: readonly Wanted[]): string[] {
  const twin = port === 0 ? undefined : before.find((other) => other.port === port);
  if (!twin) return [];
  return [`${name}: port ${port} is also ${twin.name}; give each its own, for example ${name}=${port + 10}`];
}

const ifTaken = async (one: Wanted): Promise<Wanted[]> =>
  one.port !== 0 && (await isTaken(one.port, one.host)) ? [one] : [];

const takenProblem = ({ name, port }: Wanted): string =>
  `${name}: port ${port} is in use by another program; set it to a free one, for example ${name}=${port + 10}`;
