import { z } from 'zod';
import * as variables from './variables.js';

const { database, kafka, listening, instance, logging, ports } = variables;
const everyApp = { ...database, ...kafka, ...listening, ...instance, ...logging };

export const schedulerConfig = z.object({
  ...everyApp,
  SCHEDULER_PORT: ports.SCHEDULER_PORT,
  ...variables.publicFace,
  ...variables.callers,
  ...variables.protection,
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
  ...variables.protection,
  ...variables.realtime,
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
  INSTANCE_NAME: variables.instance.INSTANCE_NAME.unwrap().optional(),
  HOST: listening.HOST,
  AUTH_MODE: variables.callers.AUTH_MODE,
  BOOTSTRAP_KEY: variables.callers.BOOTSTRAP_KEY,
  SECRET_KEY: variables.protection.SECRET_KEY,
  SMTP_URL: variables.sending.SMTP_URL,
  PUBLIC_URL: variables.publicFace.PUBLIC_URL,
  GATEWAY_URL: variables.publicFace.GATEWAY_URL,
});
export type StartConfig = z.infer<typeof startConfig>;

/** Of the command line: all of it may be left out. */
export const cliConfig = z.object({
  MAILTIDE_URL: z.url().optional(),
  MAILTIDE_GATEWAY_URL: z.url().optional(),
  MAILTIDE_KEY: z.string().min(1).optional(),
  /** To make the first key of a tenant. */
  DATABASE_URL: database.DATABASE_URL.optional(),
  XDG_CONFIG_HOME: z.string().min(1).optional(),
});

/** Of the specs that need a browser; without one they are skipped. */
export const browserConfig = z.object({ CHROMIUM_PATH: z.string().min(1).default('/usr/bin/chromium') });

/** Given to specs by the runner of the tests, never by people. */
export const testConfig = z.object({
  TEST_DATABASE_URL: z.string().min(1),
  TEST_KAFKA_BROKERS: z.string().min(1),
});
