import type { Topic } from '#events';
import { Loop } from '#lifecycle';
import { ensureTopics, type KafkaConnection, type TopicSettings } from '#messaging';
import type { Logger } from '#telemetry';

export interface TopicKeeperParts {
  readonly connection: KafkaConnection;
  readonly topics: readonly Topic[];
  readonly settings: TopicSettings;
  readonly log: Logger;
}

const PERIOD_MS = 10_000;

/** Makes topics again that are missing: consumers of a missing topic crash until somebody does. */
export class TopicKeeper {
  private readonly loop: Loop;

  constructor({ connection, topics, settings, log }: TopicKeeperParts) {
    this.loop = new Loop({
      pass: async () => {
        const created = await ensureTopics(connection, topics, settings);
        if (created.length > 0) log.warn({ topics: created }, 'topics were missing and have been created');
        return PERIOD_MS;
      },
      onError: (error) => {
        log.warn({ err: error }, 'topics could not be checked; trying again');
        return PERIOD_MS;
      },
    });
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }
}
