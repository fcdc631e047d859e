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

/** From this size on, a message is written in smaller company: a statement must fit in memory. */
const BIG_BYTES = 262_144;

/** What the sandbox writes down, each kind as one statement for all that came together. Durable when it resolves. */
export class SandboxLedger {
  private readonly small: GroupCommit<NewSandboxMessage, TenantId | null>;
  private readonly big: GroupCommit<NewSandboxMessage, TenantId | null>;
  private readonly attempts: GroupCommit<string, number>;
  private readonly refusals: GroupCommit<SandboxRefusal, true>;

  constructor(db: Queryable) {
    const store = (messages: readonly NewSandboxMessage[]) => storeMessages(db, messages);
    this.small = new GroupCommit({ width: 2, maxBatch: 200 }, store);
    this.big = new GroupCommit({ width: 1, maxBatch: 4 }, store);
    this.attempts = new GroupCommit({ width: 1, maxBatch: 500 }, (keys: readonly string[]) => countAttempts(db, keys));
    this.refusals = new GroupCommit({ width: 1, maxBatch: 500 }, async (refusals: readonly SandboxRefusal[]) => {
      await noteRefusals(db, refusals);
      return refusals.map(() => true as const);
    });
  }

  /** The tenant that the message was kept for; null: it is nobody's, and it was not kept. */
  keep(message: NewSandboxMessage): Promise<TenantId | null> {
    return message.raw.length < BIG_BYTES ? this.small.add(message) : this.big.add(message);
  }

  /** Which attempt this is, from 1. */
  attempt(key: string): Promise<number> {
    return this.attempts.add(key);
  }

  async refuse(refusal: SandboxRefusal): Promise<void> {
    await this.refusals.add(refusal);
  }
}
