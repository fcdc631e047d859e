import { Loop } from '#lifecycle';
import { OutboxRelay, type Publisher } from '#messaging';
import type { Database } from '#storage';
import type { Facts, Logger } from '#telemetry';

const WAIT_MS = 25;
/** With nothing to do for a while, looking costs more than it saves. */
const IDLE_MS = 50;
const IDLE_AFTER_MS = 1_000;
/** Windows smaller than this cost more than they carry: every one is four statements, a request to Kafka and one to each reader. */
const SMALL_ROWS = 500;
const ERROR_MS = 1_000;

export interface OutboxPollerParts {
  readonly db: Database;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly facts: Facts;
}

/** Publishes what the outbox holds, for ever. */
export class OutboxPoller {
  private readonly loop: Loop;

  constructor({ db, publisher, log, facts }: OutboxPollerParts) {
    const relay = new OutboxRelay(db, publisher);
    let busyAt = -Infinity;
    this.loop = new Loop({
      pass: async () => {
        const { published, more } = await relay.pass();
        if (published > 0) {
          facts.eventsRelayed(published);
          busyAt = performance.now();
        }
        const isSmall = published > 0 && published < SMALL_ROWS; // then the next window holds more
        if (more && !isSmall) return 0;
        return performance.now() - busyAt < IDLE_AFTER_MS ? WAIT_MS : IDLE_MS;
      },
      onError: (error) => {
        log.error({ err: error }, 'the outbox could not be relayed; trying again');
        return ERROR_MS;
      },
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends the page under way. */
  stop(): Promise<void> {
    return this.loop.stop();
  }
}
