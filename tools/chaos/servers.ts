import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment, migrateConfig, readEnvironment } from '#config';
import { startKafka } from '../dev/kafka.js';
import { startPostgres } from '../dev/postgres.js';
import { freePort } from '../dev/ports.js';
import { projectRoot } from '../dev/project-root.js';
import type { Service } from '../dev/service.js';
import { dataDir } from '../dev/services.js';
import { prepareStores } from '../migrate/prepare-stores.js';

/** A Postgres and a Kafka that nobody else uses, so that they can be broken. */
export class Servers {
  private constructor(
    private readonly dir: string,
    private readonly ports: { readonly postgres: number; readonly kafka: number },
    private postgres: Service,
    private kafka: Service,
  ) {}

  /** With empty data, the whole schema and all topics. @param name of the folder, so that two runs do not meet */
  static async start(name: string): Promise<Servers> {
    const dir = join(dataDir(), name);
    await rm(dir, { recursive: true, force: true });
    const ports = { postgres: await freePort(), kafka: await freePort() };
    const postgres = startOwnPostgres(dir, ports.postgres);
    const servers = new Servers(dir, ports, await postgres, await startOwnKafka(dir, ports.kafka, true));
    await prepareStores(readEnvironment(migrateConfig, childEnvironment(servers.env)));
    return servers;
  }

  get databaseUrl(): string {
    return this.postgres.address;
  }

  /** What apps need to find them. */
  get env(): Record<string, string> {
    return { DATABASE_URL: this.postgres.address, KAFKA_BROKERS: this.kafka.address };
  }

  async crashPostgres(): Promise<void> {
    this.postgres.killNow();
    this.postgres = await again(() => startOwnPostgres(this.dir, this.ports.postgres));
  }

  /** @param wiped whether its data is lost, too */
  async crashKafka(wiped: boolean): Promise<void> {
    this.kafka.killNow();
    this.kafka = await again(() => startOwnKafka(this.dir, this.ports.kafka, wiped));
  }

  async stop(): Promise<void> {
    await Promise.all([this.postgres.stop(), this.kafka.stop()]);
  }
}

const startOwnPostgres = (dir: string, port: number) => startPostgres({ dir, port, durable: true });

const startOwnKafka = (dir: string, port: number, fresh: boolean) =>
  startKafka({
    dir,
    port,
    fresh,
    cacheDir: dataDir(),
    configDir: join(projectRoot(), 'tools/dev/kafka'),
    composePort: port,
    onStep: () => undefined,
  });

/** A port that was just left, or data that is still locked, is free in a moment. */
async function again(start: () => Promise<Service>, tries = 20): Promise<Service> {
  try {
    return await start();
  } catch (error) {
    if (tries === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return again(start, tries - 1);
  }
}
