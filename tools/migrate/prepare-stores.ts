import { setTimeout as pause } from 'node:timers/promises';
import { kafkaSettings, type MigrateConfig, SetupError, topicSettings } from '#config';
import { TOPICS } from '#events';
import { connectKafka, ensureTopics, isKafkaUp } from '#messaging';
import { runMigrations } from '#storage';
import { requirePostgres } from './require-postgres.js';

/** A broker that is there answers in milliseconds; one that is asked over the internet, in seconds. */
const KAFKA_ANSWER_MS = 8_000;

export interface Prepared {
  /** The names of the migrations that ran. */
  readonly migrations: readonly string[];
  /** The names of the topics that were created. */
  readonly topics: readonly string[];
}

/** Brings the schema and the topics up to date, side by side. A server that does not answer is a SetupError that names its variable. */
export async function prepareStores(config: MigrateConfig): Promise<Prepared> {
  const [migrations, topics] = await Promise.all([migrate(config), createTopics(config)]);
  return { migrations, topics };
}

async function migrate(config: MigrateConfig): Promise<string[]> {
  await requirePostgres(config.DATABASE_URL, { unsafe: config.UNSAFE_POSTGRES });
  return await runMigrations(config.DATABASE_URL);
}

async function createTopics(config: MigrateConfig): Promise<string[]> {
  // What kafkajs has to say is either in the error that it throws or was mended by trying again.
  const connection = connectKafka('mailtide-migrate', kafkaSettings(config), () => {});
  if (!(await within(KAFKA_ANSWER_MS, isKafkaUp(connection)))) {
    throw new SetupError(
      `KAFKA_BROKERS: no broker answers at ${config.KAFKA_BROKERS.join(',')}; start it (\`npm run services -- up\` for a local one), or correct KAFKA_BROKERS (and KAFKA_SSL, KAFKA_SASL_...), or unset it and \`npm start\` runs one of its own`,
    );
  }
  try {
    return await ensureTopics(connection, TOPICS, topicSettings(config));
  } catch (error) {
    throw new SetupError(
      `KAFKA_BROKERS: the topics could not be created at ${config.KAFKA_BROKERS.join(',')}: ${(error as Error).message}; KAFKA_REPLICATION may not exceed the number of brokers, and the user must be allowed to create topics`,
      { cause: error },
    );
  }
}

/** `question`, or false when it takes too long. */
async function within(ms: number, question: Promise<boolean>): Promise<boolean> {
  const cancel = new AbortController();
  const tooLate = pause(ms, false, { signal: cancel.signal }).catch(() => false);
  const answer = await Promise.race([question, tooLate]);
  cancel.abort();
  return answer;
}
