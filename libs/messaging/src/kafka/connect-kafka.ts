import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Put before every topic and group, so that several installations can share a cluster. */
  readonly topicPrefix: string;
}

/** Where an adapter's own lines go: never values, never keys. */
export type KafkaLog = (level: 'error' | 'warn' | 'info', text: string, details: object) => void;

/** One way to the brokers, shared by the producers and consumers of a process. */
export interface KafkaConnection {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly log: KafkaLog;
}

/** The one place that makes kafkajs clients, so that every default which is wrong for us is set once. */
export function connectKafka(clientId: string, settings: KafkaSettings, log: KafkaLog): KafkaConnection {
  const config: KafkaConfig = {
    clientId,
    brokers: [...settings.brokers],
    ssl: settings.ssl,
    ...(settings.sasl && { sasl: settings.sasl as SASLOptions }),
    requestTimeout: 5_000,
    connectionTimeout: 3_000,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      const { message, timestamp: _timestamp, ...details } = entry.log;
      log(entry.level === logLevel.ERROR ? 'error' : 'warn', `kafka: ${message}`, details);
    },
    // The default gives up after 5 tries in about 10 s; a broker that restarts may need longer.
    retry: { initialRetryTime: 100, maxRetryTime: 5_000, retries: 20 },
  };
  return { kafka: new Kafka(config), prefix: settings.topicPrefix, log };
}

const PROBE_MS = 1_500;
const probes = new WeakMap<KafkaConnection, Promise<boolean>>();

/** Whether a broker answers now. For readiness: it never throws, never waits for long, and asks once for all who ask. */
export function isKafkaUp(connection: KafkaConnection): Promise<boolean> {
  const answer = probes.get(connection) ?? probe(connection).finally(() => probes.delete(connection));
  probes.set(connection, answer);
  // The client tries again for a minute on its own: whoever asks does not wait for that.
  return Promise.race([answer, pause(PROBE_MS, false, { ref: false })]);
}

async function probe({ kafka }: KafkaConnection): Promise<boolean> {
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    await admin.describeCluster();
    return true;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
