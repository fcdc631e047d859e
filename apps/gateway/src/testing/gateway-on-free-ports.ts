import { gatewayConfig, kafkaSettings, readEnvironment } from '#config';
import { TOPICS } from '#events';
import { connectKafka, ensureTopics } from '#messaging';
import { createLog, createMetrics } from '#telemetry';
import { type RunningGateway, startGateway } from '../start-gateway.js';

export interface GatewaySettings {
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly topicPrefix: string;
  readonly authMode?: 'dev' | 'keys';
}

/** A whole gateway in this process, on ports that nobody uses, with topics of its own. For specs. */
export async function gatewayOnFreePorts(settings: GatewaySettings): Promise<RunningGateway> {
  const config = readEnvironment(gatewayConfig, {
    DATABASE_URL: settings.databaseUrl,
    KAFKA_BROKERS: settings.brokers,
    KAFKA_TOPIC_PREFIX: settings.topicPrefix,
    GATEWAY_PORT: '0',
    SANDBOX_SMTP_PORT: '0',
    UNSAFE_POSTGRES: '1',
    SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    INSTANCE_NAME: 'spec',
    ...(settings.authMode && { AUTH_MODE: settings.authMode }),
  });
  const log = createLog({ app: 'gateway', level: 'error', pretty: false });
  const connection = connectKafka('spec', kafkaSettings(config), (level, text, details) => log[level](details, text));
  await ensureTopics(connection, TOPICS, { partitions: 2, replication: 1 });
  return startGateway({ config, log, ...createMetrics('gateway') });
}
