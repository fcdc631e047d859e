import { OutboxRelay, type Publisher } from '#messaging';
import type { Database } from '#storage';
import type { Facts, Logger } from '#telemetry';
import type { Duty } from '../duties/duty.js';

const WAIT_MS = 25;
/** With nothing to do for a while, looking costs more than it saves: whoever makes work wakes us. */
const IDLE_MS = 100;
const IDLE_AFTER_MS = 3_000;
/** Windows smaller than this cost more than they carry: every one is four statements, a request to Kafka and one to each reader. */
const SMALL_ROWS = 500;
const ERROR_MS = 1_000;

export interface RelayParts {
  readonly db: Database;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly facts: Facts;
}

/** What the relay is told by others of its process. */
export interface RelayDuty extends Duty {
  /** Something begins that will be told of: look often for a while. Whether it looked seldom until now. */
  readonly expect: () => boolean;
}

/** Publishes what the outbox holds. Its cursor moves by compare-and-set, so two relays only double. */
export function relayDuty({ db, publisher, log, facts }: RelayParts): RelayDuty {
  const relay = new OutboxRelay(db, publisher);
  let busyAt = -Infinity;
  return {
    name: 'relay',
    expect: () => {
      const wasIdle = performance.now() - busyAt >= IDLE_AFTER_MS;
      busyAt = performance.now();
      return wasIdle;
    },
    pass: async () => {
      const { published, more, loss } = await relay.pass();
      if (loss !== undefined) log.error({ loss }, 'Kafka has lost records; publishing the last day again');
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
  };
}
