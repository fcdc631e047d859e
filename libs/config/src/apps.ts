import { z } from 'zod';
import * as variables from './variables.js';

const { database, kafka, listening, instance, logging, ports } = variables;
const everyApp = { ...database, ...kafka, ...listening, ...instance, ...logging };

export const schedulerConfig = z.object({
  ...everyApp,
  SCHEDULER_PORT: ports.SCHEDULER_PORT,
  ...variables.publicFace,
  ...variables.callers,
  ...variables.content,
  ...variables.compat,
});
export type SchedulerConfig = z.infer<typeof schedulerConfig>;

export const pollerConfig = z.object({
  ...everyApp,
  ...variables.topics,
  POLLER_PORT: ports.POLLER_PORT,
  ...variables.claiming,
  ...variables.timings,
});
export type PollerConfig = z.infer<typeof pollerConfig>;

export const senderConfig = z.object({
  ...everyApp,
  SENDER_PORT: ports.SENDER_PORT,
  SANDBOX_SMTP_PORT: ports.SANDBOX_SMTP_PORT,
  ...variables.sending,
  ...variables.timings,
});
export type SenderConfig = z.infer<typeof senderConfig>;

export const gatewayConfig = z.object({
  ...everyApp,
  GATEWAY_PORT: ports.GATEWAY_PORT,
  SANDBOX_SMTP_PORT: ports.SANDBOX_SMTP_PORT,
  ...variables.publicFace,
  ...variables.callers,
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;

/** `npm run migrate`: the schema and the topics. */
export const migrateConfig = z.object({ ...database, ...kafka, ...variables.topics });
export type MigrateConfig = z.infer<typeof migrateConfig>;

/** `npm start`: what it needs to know itself; the apps read the rest. */
export const startConfig = z.object({
  DATABASE_URL: database.DATABASE_URL.optional(),
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .optional()
    .meta(kafka.KAFKA_BROKERS.meta() ?? {}),
  ...variables.localServers,
  LOG_PRETTY: logging.LOG_PRETTY,
  ...ports,
  HOST: listening.HOST,
  AUTH_MODE: variables.callers.AUTH_MODE,
  BOOTSTRAP_KEY: variables.callers.BOOTSTRAP_KEY,
  SMTP_URL: variables.sending.SMTP_URL,
  PUBLIC_URL: variables.publicFace.PUBLIC_URL,
  GATEWAY_URL: variables.publicFace.GATEWAY_URL,
});
export type StartConfig = z.infer<typeof startConfig>;

/** Given to specs by the runner of the tests, never by people. */
export const testConfig = z.object({
  TEST_DATABASE_URL: z.string().min(1),
  TEST_KAFKA_BROKERS: z.string().min(1),
});
