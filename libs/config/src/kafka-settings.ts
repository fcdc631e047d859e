import type { z } from 'zod';
import type { kafka, topics } from './variables.js';

type KafkaVariables = z.infer<z.ZodObject<typeof kafka>>;

/** The variables of Kafka as the messaging library takes them. */
export const kafkaSettings = (config: KafkaVariables) => ({
  brokers: config.KAFKA_BROKERS,
  ssl: config.KAFKA_SSL,
  ...(config.KAFKA_SASL_MECHANISM && {
    sasl: {
      mechanism: config.KAFKA_SASL_MECHANISM,
      username: config.KAFKA_SASL_USERNAME ?? '',
      password: config.KAFKA_SASL_PASSWORD ?? '',
    },
  }),
  topicPrefix: config.KAFKA_TOPIC_PREFIX,
});

/** How topics are made: as told, else with as many copies as a small cluster can hold. */
export const topicSettings = (config: KafkaVariables & z.infer<z.ZodObject<typeof topics>>) => ({
  partitions: config.KAFKA_PARTITIONS,
  replication: config.KAFKA_REPLICATION ?? Math.min(3, config.KAFKA_BROKERS.length),
});
