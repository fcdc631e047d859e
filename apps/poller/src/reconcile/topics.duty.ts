import type { Topic } from '#events';
import { ensureTopics, type KafkaConnection, rewindAfterLoss, type TopicSettings } from '#messaging';
import type { Database } from '#storage';
import type { Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';

export interface TopicsParts {
  readonly db: Database;
  readonly connection: KafkaConnection;
  readonly topics: readonly Topic[];
  readonly settings: TopicSettings;
  readonly log: Logger;
}

const PERIOD_MS = 10_000;

/**
 * Makes topics again that are missing (consumers of a missing topic crash until somebody does), and sends the relay back
 * when brokers have lost what they had acknowledged. Done twice it is done once: the cursor moves by compare-and-set.
 */
export const topicsDuty = (parts: TopicsParts): Duty => ({
  name: 'topics',
  pass: async () => {
    const { db, connection, topics, settings, log } = parts;
    const created = await ensureTopics(connection, topics, settings);
    if (created.length > 0) log.warn({ topics: created }, 'topics were missing and have been created');
    const loss = await rewindAfterLoss(db, connection, topics);
    if (loss !== null) log.error({ loss }, 'Kafka has lost records; publishing the last day again');
    return PERIOD_MS;
  },
  onError: (error) => {
    parts.log.warn({ err: error }, 'topics could not be checked; trying again');
    return PERIOD_MS;
  },
});
