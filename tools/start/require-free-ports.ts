import { join } from 'node:path';
import { SetupError, type StartConfig } from '#config';
import { isTaken, runningPort } from '../dev/service.js';
import { APPS } from './apps.js';

type PortName = (typeof APPS)[number]['ports'][number] | 'POSTGRES_PORT' | 'KAFKA_PORT';

interface Wanted {
  readonly name: PortName;
  readonly port: number;
  readonly host: string;
}

/** Throws one SetupError that names every port which another program has, or which two of ours want. */
export async function requireFreePorts(config: StartConfig, dataDir: string): Promise<void> {
  const wanted = [
    ...APPS.flatMap(({ ports }) => ports.map((name) => ({ name, port: config[name], host: config.HOST }))),
    ...(await ofServersToStart(config, dataDir)),
  ];
  const problems = await Promise.all(wanted.map((one, i) => problemOf(one, wanted.slice(0, i))));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new SetupError(found.join('\n'));
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

async function problemOf({ name, port, host }: Wanted, before: readonly Wanted[]): Promise<string | undefined> {
  if (port === 0) return undefined; // the system finds a free one
  const twin = before.find((other) => other.port === port);
  if (twin) return `${name}: port ${port} is also ${twin.name}; give each its own, for example ${name}=${port + 10}`;
  if (!(await isTaken(port, host))) return undefined;
  return `${name}: port ${port} is in use by another program; set it to a free one, for example ${name}=${port + 10}`;
}
