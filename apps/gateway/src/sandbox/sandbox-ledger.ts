import type { TenantId } from '#domain';
import {
  countAttempts,
  GroupCommit,
  type NewSandboxMessage,
  noteRefusals,
  type Queryable,
  type SandboxRefusal,
  storeMessages,
} from '#storage';

/** A statement must fit in memory: big messages are written in small company. */
const MAX_BYTES = 16 * 1_048_576;

/** What the sandbox writes down, each kind as one statement for all that came together. Durable when it resolves. */
export class SandboxLedger {
  private readonly messages: GroupCommit<NewSandboxMessage, TenantId | null>;
  private readonly attempts: GroupCommit<string, number>;
  private readonly refusals: GroupCommit<SandboxRefusal, true>;

  constructor(db: Queryable) {
    const limits = { width: 2, maxBatch: 200, maxWeight: MAX_BYTES };
    this.messages = new GroupCommit(
      { ...limits, weigh: ({ raw }: NewSandboxMessage) => raw.length },
      (messages: readonly NewSandboxMessage[]) => storeMessages(db, messages),
    );
    this.attempts = new GroupCommit({ width: 1, maxBatch: 500 }, (keys: readonly string[]) => countAttempts(db, keys));
    this.refusals = new GroupCommit({ width: 1, maxBatch: 500 }, async (refusals: readonly SandboxRefusal[]) => {
      await noteRefusals(db, refusals);
      return refusals.map(() => true as const);
    });
  }

  /** The tenant that the message was kept for; null: it is nobody's, and it was not kept. */
  keep(message: NewSandboxMessage): Promise<TenantId | null> {
    return this.messages.add(message);
  }

  /** Which attempt this is, from 1. */
  attempt(key: string): Promise<number> {
    return this.attempts.add(key);
  }

  async refuse(refusal: SandboxRefusal): Promise<void> {
    await this.refusals.add(refusal);
  }
}
