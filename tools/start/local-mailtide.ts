import { join } from 'node:path';
import {
  childEnvironment,
  authMode,
  migrateConfig,
  readEnvironment,
  schedulerConfig,
  type StartConfig,
  startConfig,
  variableGroups,
} from '#config';
import { TOPICS } from '#events';
import { localKafka } from '../dev/kafka.js';
import { localPostgres } from '../dev/postgres.js';
import { projectRoot } from '../dev/project-root.js';
import { announceStart, withdrawStart } from '../dev/running-start.js';
import { dataDir, type Services, startServices } from '../dev/services.js';
import { prepareStores } from '../migrate/prepare-stores.js';
import { withLocalServers } from '../with-local-servers.js';
import { banner } from './banner.js';
import { devSecretKey } from './dev-secret-key.js';
import { devTestKey } from './dev-test-key.js';
import { facesOf } from './faces.js';
import type { Progress } from './progress.js';
import { type Replica, replicasOf } from './replicas.js';
import { rememberDevKey } from './remember-dev-key.js';
import { requireConfigurations } from './require-configurations.js';
import { requireFreePorts } from './require-free-ports.js';
import { resetData } from './reset-data.js';
import { shownSmtpServer } from './shown-smtp-server.js';
import { SupervisedApp } from './supervised-app.js';

export interface LocalMailtideOptions {
  /** Empty the data of the local servers first. */
  readonly reset: boolean;
  /** How many processes of each app. */
  readonly replicas: number;
  readonly progress: Progress;
  /** Told when an app cannot run, whatever we do: its exit status and its last words. */
  readonly onHopeless: (status: number, lastWords: string) => void;
}

/** Everything that Mailtide needs and its four apps, on this machine. It ends in the reverse order: apps, then servers. */
export class LocalMailtide {
  private services: Promise<Services> | undefined;
  private apps: SupervisedApp[] = [];
  private readonly ending = new AbortController();

  constructor(private readonly options: LocalMailtideOptions) {}

  /** The banner, or undefined when it was stopped meanwhile. Throws a SetupError for what people can mend. */
  async start(): Promise<string | undefined> {
    const config = readConfiguration();
    const auth = authMode(
      readEnvironment(schedulerConfig.pick({ HOST: true, AUTH_MODE: true, DEV_BEHIND_LOOPBACK: true })),
    );
    const replicas = replicasOf(config, this.options.replicas);
    await requireFreePorts(config, dataDir(), replicas);
    announceStart(stateDir(), {
      api: facesOf(config).api,
      ports: replicas.flatMap(({ ports }) => ports.map(({ port }) => port)),
    });
    if (this.options.reset) await this.reset(config);
    if (this.ending.signal.aborted) return undefined;

    const services = await this.startServers(config);
    if (this.ending.signal.aborted) return undefined;
    const testKey = auth === 'dev' ? devTestKey(dataDir()) : null;
    await this.prepare(services, testKey);
    if (this.ending.signal.aborted) return undefined;
    await this.startApps(config, services, replicas, auth === 'dev' ? devSecretKey(dataDir()) : undefined);

    const isOurs = services.all.some(({ name, origin }) => name === 'Postgres' && origin !== 'external');
    const facts = {
      elapsedMs: this.options.progress.elapsedMs,
      auth,
      faces: facesOf(config),
      apiPort: config.SCHEDULER_PORT,
      smtpPort: config.SANDBOX_SMTP_PORT,
      liveMail: config.SMTP_URL === undefined ? null : shownSmtpServer(config.SMTP_URL),
      hasBootstrapKey: config.BOOTSTRAP_KEY !== undefined,
      postgresPort: isOurs ? config.POSTGRES_PORT : null,
      brokers: services.brokers,
      topics: TOPICS.length,
      testKey,
    };
    return banner(facts, process.stdout.columns);
  }

  /** Waits until nothing of it runs any more; the data stays. May be called while it starts, and twice. */
  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.apps.map((app) => app.stop()));
    const services = await this.services?.catch(() => undefined);
    await services?.stop();
    withdrawStart(stateDir());
  }

  /** Ends everything without asking: as safe as a power cut, and as rude. */
  async killNow(): Promise<void> {
    this.ending.abort();
    for (const app of this.apps) app.killNow();
    const services = await this.services?.catch(() => undefined);
    services?.killNow();
    withdrawStart(stateDir());
  }

  private async reset(config: StartConfig): Promise<void> {
    await resetData(config, dataDir());
    this.options.progress.tell('the data of the local Postgres and Kafka is emptied');
  }

  private startServers(config: StartConfig): Promise<Services> {
    const { progress } = this.options;
    if (config.DATABASE_URL === undefined) progress.begin('Postgres');
    if (config.KAFKA_BROKERS === undefined) progress.begin('Kafka');
    this.services = startServices({
      durable: true,
      signal: this.ending.signal,
      onStep: (name, step) => progress.step(name, step),
      onReady: ({ name, address, origin }) => progress.end(name, `${origin}, ${withoutPassword(address)}`),
    });
    return this.services;
  }

  private async prepare(services: Services, testKey: string | null): Promise<void> {
    const { progress } = this.options;
    progress.begin('schema and topics');
    const env = childEnvironment({ DATABASE_URL: services.databaseUrl, KAFKA_BROKERS: services.brokers });
    const { migrations, topics } = await prepareStores(readEnvironment(migrateConfig, env));
    if (testKey !== null) await rememberDevKey(services.databaseUrl, testKey);
    progress.end('schema and topics', `${migrations.length} migrations run, ${topics.length} topics created`);
  }

  /** @param madeSecret for apps that were given none */
  private async startApps(
    config: StartConfig,
    services: Services,
    replicas: readonly Replica[],
    madeSecret: string | undefined,
  ): Promise<void> {
    const { progress, onHopeless } = this.options;
    const { api, gateway } = facesOf(config);
    const env = childEnvironment({
      ...(config.SECRET_KEY === undefined && madeSecret !== undefined && { SECRET_KEY: madeSecret }),
      // The apps write into a pipe, so they cannot see that a person reads along.
      LOG_PRETTY: config.LOG_PRETTY ?? (process.stdout.isTTY ? '1' : '0'),
      DATABASE_URL: services.databaseUrl,
      KAFKA_BROKERS: services.brokers,
      PUBLIC_URL: api,
      GATEWAY_URL: gateway,
    });
    const say = (line: string) => progress.say(line);
    this.apps = replicas.map((replica) => {
      const main = join(projectRoot(), 'dist/apps', replica.app, 'src/main.js');
      return new SupervisedApp({ name: replica.label, main, env: { ...env, ...replica.env }, say, onHopeless });
    });
    await Promise.all(
      this.apps.map(async (app, i) => {
        const { label, ports } = replicas[i] ?? { label: '', ports: [] };
        progress.begin(label);
        await app.start();
        progress.end(label, `ready, port ${ports.map(({ port }) => port).join(' and ')}`);
      }),
    );
  }
}

/** Every problem of the apps is said now: they would say it only when the servers have started. */
function readConfiguration(): StartConfig {
  const { localServers } = variableGroups;
  const anyPort = {
    databaseUrl: localPostgres(localServers.POSTGRES_PORT.parse(undefined)),
    brokers: localKafka(localServers.KAFKA_PORT.parse(undefined)),
  };
  requireConfigurations(withLocalServers(childEnvironment({}), anyPort));
  return readEnvironment(startConfig);
}

const stateDir = () => join(dataDir(), 'run');

const withoutPassword = (address: string) => address.replace(/\/\/[^@/]*@/, '//');
