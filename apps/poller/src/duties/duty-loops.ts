import type { ProcessId } from '#domain';
import { Duties, Loop } from '#lifecycle';
import type { Database } from '#storage';
import type { Logger } from '#telemetry';
import { type Duty, DUTY_NAMES, type DutyName } from './duty.js';

export interface DutyLoopsParts {
  readonly db: Database;
  readonly poller: ProcessId;
  readonly duties: readonly Duty[];
  readonly log: Logger;
}

/** Whoever takes a duty over is woken; this is only how often a loop looks up from its sleep. */
const NOT_OURS_MS = 60_000;

/** Runs the duties that are ours, each in a loop of its own, and sleeps over the others. */
export class DutyLoops {
  private readonly duties: Duties;
  private readonly loops: ReadonlyMap<DutyName, Loop>;

  constructor({ db, poller, duties, log }: DutyLoopsParts) {
    this.loops = new Map(
      duties.map(({ name, pass, onError }) => [
        name,
        new Loop({ pass: async () => (this.duties.holds(name) ? pass() : NOT_OURS_MS), onError }),
      ]),
    );
    this.duties = new Duties({
      db,
      names: DUTY_NAMES.filter((name) => this.loops.has(name)),
      holder: poller,
      onTaken: (name) => {
        log.info({ duty: name }, 'took a duty over');
        this.wake(name as DutyName);
      },
      onError: (error) => log.warn({ err: error }, 'duties could not be looked at; trying again'),
    });
  }

  start(): void {
    for (const loop of this.loops.values()) loop.start();
    this.duties.start();
  }

  /** There may be something to do sooner than its pass said; nothing happens where the duty is not ours. */
  wake(name: DutyName): void {
    this.loops.get(name)?.wake();
  }

  /** Waits for the passes under way and gives the duties back. */
  async stop(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
    await this.duties.stop();
  }
}
