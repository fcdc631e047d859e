import type { ProcessId } from '#domain';
import { beat, endProcess, type Queryable, registerProcess } from '#storage';
import { Loop } from './loop.js';

const BEAT_MS = 1_000;

export interface PresenceOptions {
  readonly db: Queryable;
  readonly app: string;
  readonly instance: string;
  /** Only one process bears this name at a time: a new one proves the old one dead. */
  readonly exclusive: boolean;
  readonly onError: (error: unknown) => void;
}

/** This process as the others see it: an id of its own for every run, and a counter that rises while it lives. */
export class Presence {
  private constructor(
    readonly id: ProcessId,
    private readonly options: PresenceOptions,
    private readonly loop: Loop,
  ) {}

  static async enter(options: PresenceOptions): Promise<Presence> {
    const id = await registerProcess(options.db, options);
    const pass = async () => {
      await beat(options.db, id);
      return BEAT_MS;
    };
    const onError = (error: unknown) => {
      options.onError(error);
      return BEAT_MS;
    };
    const loop = new Loop({ pass, onError });
    loop.start();
    return new Presence(id, options, loop);
  }

  /** The last thing that a process does: nothing of it is in the air any more. */
  async leave(): Promise<void> {
    await this.loop.stop();
    await endProcess(this.options.db, this.id).catch(this.options.onError); // else its silence tells
  }
}
