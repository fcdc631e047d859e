import type { ProcessId } from '#domain';
import { type Database, forfeitGrants, listProcesses } from '#storage';

/** Senders that are proven dead forfeit what they had begun to work on, once when they are. */
export class DeadSenders {
  private seen: ReadonlySet<ProcessId> = new Set();

  constructor(private readonly db: Database) {}

  async forfeit(): Promise<void> {
    const senders = await listProcesses(this.db, 'sender');
    const dead = senders.filter(({ ended }) => ended).map(({ id }) => id);
    if (dead.some((id) => !this.seen.has(id))) await forfeitGrants(this.db, dead);
    this.seen = new Set(dead);
  }
}
