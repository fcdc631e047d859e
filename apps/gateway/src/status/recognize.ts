import { Callers, Problem, unauthorized } from '#http';
import { type Database, redeemTicket } from '#storage';
import type { Bearer } from './listener.js';

/** What a client shows: a key, or a ticket that is good once. */
export interface Shown {
  readonly key: string | undefined;
  readonly ticket: string | undefined;
}

/** Tells who wants to listen. */
export class Recognize {
  constructor(
    private readonly callers: Callers,
    private readonly db: Database,
  ) {}

  /** Throws the problems `unauthorized`, one for all causes, and `unavailable`. */
  async run(shown: Shown): Promise<Bearer> {
    const bearer = await this.find(shown).catch((cause: unknown) => {
      throw Object.assign(new Problem('unavailable', 'Keys cannot be read now. Try again.'), { cause });
    });
    if (!bearer) throw unauthorized();
    return bearer;
  }

  private async find({ key, ticket }: Shown): Promise<Bearer | undefined> {
    if (ticket === undefined) {
      const caller = await this.callers.find(key);
      return caller && { caller, key, topics: null };
    }
    const row = key === undefined ? await redeemTicket(this.db, ticket) : undefined; // both is neither
    if (!row) return undefined;
    const { tenantId, mode, keyId, scopes, topics } = row;
    return { caller: { tenantId, tenant: '', mode, keyId, scopes }, key: undefined, topics };
  }
}
