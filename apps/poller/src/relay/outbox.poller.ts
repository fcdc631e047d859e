import { Loop } from '#lifecycle';
import { OutboxRelay, type Publisher } from '#messaging';
import type { Database } from '#storage';
import type { Logger } from '#telemetry';

const IDLE_MS = 25;
const ERROR_MS = 1_000;

/** Publishes what the outbox holds, for ever. */
export class OutboxPoller {
  private readonly loop: Loop;

  constructor(db: Database, publisher: Publisher, log: Logger) {
    const relay = new OutboxRelay(db, publisher);
    this.loop = new Loop({
      pass: async () => ((await relay.pass()).more ? 0 : IDLE_MS),
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
