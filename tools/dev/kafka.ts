import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '#config';
import { freePort } from './ports.js';
import { external, launch, type Service } from './service.js';

const run = promisify(execFile);
const otherwise = ({ composePort }: KafkaOptions) =>
  `or start the broker in a container (\`docker compose up -d kafka\`) and set KAFKA_BROKERS=localhost:${composePort}, or set it to brokers of your own`;

export interface KafkaOptions {
  /** Use these brokers and start none. */
  brokers?: string | undefined;
  dir: string;
  /** Where the jars are kept once they were fetched. */
  cacheDir: string;
  /** Where pom.xml, server.properties and log4j2.properties are. */
  configDir: string;
  port: number;
  /** Where the broker of docker-compose.yml would listen, for words to people. */
  composePort: number;
  keepRunning?: boolean;
  /** Begin with empty data when the broker does not run already. */
  fresh?: boolean;
  /** Calls the start off. */
  signal?: AbortSignal | undefined;
  /** Told what takes long. */
  onStep: (step: string) => void;
}

/** Starts an Apache Kafka broker from its jars, which Maven fetches once into the cache folder. */
export async function startKafka(options: KafkaOptions): Promise<Service> {
  if (options.brokers) return external('Kafka', options.brokers);
  const server = await launch(
    {
      name: 'kafka',
      port: options.port,
      variables: { port: 'KAFKA_PORT', instead: 'KAFKA_BROKERS' },
      stateDir: join(options.dir, 'run'),
      prepare: () => prepare(options),
      stopSignal: 'SIGTERM',
      isReady: () => canCoordinate(options.port),
      readyWithinMs: 90_000,
      signal: options.signal,
    },
    options.keepRunning,
  );
  return { name: 'Kafka', address: localKafka(options.port), ...server };
}

/** How clients reach our broker on this port. */
export const localKafka = (port: number): string => `127.0.0.1:${port}`;

async function prepare(options: KafkaOptions): Promise<{ command: string; args: string[] }> {
  await requireJava(options);
  const java = await javaArguments(options);
  const dataDir = join(options.dir, 'kafka', 'data');
  if (options.fresh) await rm(dataDir, { recursive: true, force: true });
  const properties = await writeProperties(options, dataDir);
  if (!existsSync(join(dataDir, 'meta.properties'))) {
    options.onStep('formatting its data folder and starting');
    const clusterId = newClusterId();
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties]);
  }
  return { command: 'java', args: [...java, 'kafka.Kafka', properties] };
}

async function requireJava(options: KafkaOptions): Promise<void> {
  const output = await run('java', ['-version']).then(
    ({ stderr }) => stderr,
    () => {
      throw new SetupError(
        `Kafka needs Java 17 or newer, and no \`java\` was found: install a JRE (Debian: openjdk-17-jre-headless), ${otherwise(options)}`,
      );
    },
  );
  const major = Number(/version "(\d+)/.exec(output)?.[1]);
  if (major < 17)
    throw new SetupError(
      `Kafka needs Java 17 or newer, and \`java\` is version ${major}: install a newer JRE (Debian: openjdk-17-jre-headless), ${otherwise(options)}`,
    );
}

/** The jars of one version of pom.xml lie in one folder; a changed pom.xml gets a new folder. */
async function javaArguments(options: KafkaOptions): Promise<string[]> {
  const { cacheDir, configDir, onStep } = options;
  const pom = join(configDir, 'pom.xml');
  const version = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(await readFile(pom, 'utf8'))?.[1] ?? 'unknown';
  const jars = join(cacheDir, 'kafka', `jars-${version}`);
  if (!existsSync(jars)) {
    onStep(`downloading version ${version} with Maven, once, about 45 MB`);
    const partial = `${jars}.partial-${process.pid}`;
    await mkdir(partial, { recursive: true });
    await fetchJars(pom, partial, options);
    await rename(partial, jars).catch(() => rm(partial, { recursive: true, force: true })); // another run was faster
  }
  return [
    '-Xms64m',
    '-Xmx512m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${join(configDir, 'log4j2.properties')}`,
    '-cp',
    join(jars, '*'),
  ];
}

async function fetchJars(pom: string, folder: string, options: KafkaOptions): Promise<void> {
  const { signal } = options;
  const maven = spawn('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], {
    signal,
  });
  let output = '';
  maven.stdout.on('data', (chunk) => (output += chunk));
  maven.stderr.on('data', (chunk) => (output += chunk));
  const status = await new Promise<number | NodeJS.ErrnoException | null>((resolve) => {
    maven.once('error', resolve);
    maven.once('close', resolve);
  });
  if (status === 0) return;
  await rm(folder, { recursive: true, force: true });
  if (signal?.aborted) throw new SetupError('Fetching Kafka was stopped.');
  if (status instanceof Error) {
    throw new SetupError(
      `Kafka's jars are fetched with Maven, and no \`mvn\` was found: install it (Debian: maven), ${otherwise(options)}`,
    );
  }
  throw new SetupError(
    `Maven could not fetch Kafka's jars: see below, ${otherwise(options)}\n${output.trim().slice(-2_000)}`,
  );
}

async function writeProperties({ dir, configDir, port }: KafkaOptions, dataDir: string): Promise<string> {
  const values: Record<string, string> = { port: String(port), controllerPort: String(await freePort()), dataDir };
  const template = await readFile(join(configDir, 'server.properties'), 'utf8');
  const path = join(dir, 'kafka', 'server.properties');
  await mkdir(join(dir, 'kafka'), { recursive: true });
  await writeFile(
    path,
    template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
  );
  return path;
}

/** 16 random bytes in base64url, as Kafka writes its uuids; never one that begins with a dash, which its tool takes for an option. */
export function newClusterId(random: () => Buffer = () => randomBytes(16)): string {
  const id = random().toString('base64url');
  return id.startsWith('-') ? newClusterId(random) : id;
}

/**
 * Ready means more than an open port: the broker finds a coordinator for a group. The first question makes it create its
 * offsets topic, so the apps never see "group coordinator is not available". Two frames by hand; no client library.
 */
async function canCoordinate(port: number): Promise<boolean> {
  const group = Buffer.from('mailtide-ready');
  const size = Buffer.alloc(2);
  size.writeInt16BE(group.length);
  return (await ask(port, 18)) === 0 && (await ask(port, 10, Buffer.concat([size, group]))) === 0;
}

/** Sends one request (version 0) and returns the error code of the answer, or -1 when there is none. */
function ask(port: number, apiKey: number, body = Buffer.alloc(0)): Promise<number> {
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + body.length, 0);
  header.writeInt16BE(apiKey, 4);
  header.writeInt32BE(1, 8); // correlation id
  header.writeInt16BE(-1, 12); // no client id
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
    const end = (answer: number) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(Buffer.concat([header, body])));
    socket.once('data', (answer) => end(answer.length >= 10 ? answer.readInt16BE(8) : -1));
    socket.once('error', () => end(-1));
    socket.once('timeout', () => end(-1));
    socket.once('close', () => end(-1));
  });
}
