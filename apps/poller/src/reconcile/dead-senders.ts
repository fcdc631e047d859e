import type { ProcessId } from '#domain';
import { type Database, forfeitGrants, listProcesses } from '#storage';

/** Senders that are proven dead forfeit what they had begun to work on, each once. */
export class DeadSenders {
  private seen: ReadonlySet<ProcessId> = new Set();

  constructor(private readonly db: Database) {}

  async forfeit(): Promise<void> {
    const senders = await listProcesses(this.db, 'sender');
    const dead = senders.filter(({ ended }) => ended).map(({ id }) => id);
    const newlyDead = dead.filter((id) => !this.seen.has(id));
    if (newlyDead.length > 0) await forfeitGrants(this.db, newlyDead);
    this.seen = new Set(dead);
  }
}
