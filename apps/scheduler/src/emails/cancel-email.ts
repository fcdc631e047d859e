import { setTimeout as pause } from 'node:timers/promises';
import { decideCancel, type EmailId, isOpen, type TooLate } from '#domain';
import type { Caller } from '#http';
import {
  callOffAmbiguous,
  cancelOpenCopies,
  type Database,
  type EmailRow,
  getEmail,
  lockCopies,
  type Queryable,
} from '#storage';
import { changeOf } from './change-of.js';

export type Cancelled =
  | { readonly kind: 'cancelled'; readonly email: EmailRow }
  | { readonly kind: 'too_late'; readonly code: TooLate; readonly email: EmailRow }
  | { readonly kind: 'stale'; readonly email: EmailRow }
  | { readonly kind: 'not_found' };

export interface CancelOptions {
  /** The version that the caller last saw; undefined: whichever it is. */
  readonly ifVersion: number | undefined;
  /** How long to try again while copies are in flight. */
  readonly waitSeconds: number;
}

const TRY_AGAIN_MS = 100;

/** Cancels an email: its copies that are not armed will never be sent, and the answer says so truthfully. */
export class CancelEmail {
  constructor(private readonly db: Database) {}

  async run(caller: Caller, id: EmailId, { ifVersion, waitSeconds }: CancelOptions): Promise<Cancelled> {
    const until = performance.now() + waitSeconds * 1000;
    for (;;) {
      const result = await this.db.transaction((tx) => cancel(tx, caller, id, ifVersion));
      const isWorthWaiting = result.kind === 'too_late' && result.code === 'in_flight';
      if (!isWorthWaiting || performance.now() >= until) return result;
      await pause(TRY_AGAIN_MS);
    }
  }
}

async function cancel(tx: Queryable, caller: Caller, id: EmailId, ifVersion: number | undefined): Promise<Cancelled> {
  const { tenantId, mode } = caller;
  const locked = await lockCopies(tx, tenantId, mode, id); // the rows decide the race with the gate
  const email = await getEmail(tx, tenantId, mode, id);
  if (!email || locked.length === 0) return { kind: 'not_found' };
  if (ifVersion !== undefined && ifVersion !== email.version) return { kind: 'stale', email };
  const copies = await callOffAmbiguous(tx, changeOf(caller, email), locked);
  const decision = decideCancel(copies, email.tombstone_at !== null);
  if (decision.kind === 'too_late') return { ...decision, email };
  if (!copies.some(isOpen)) return { kind: 'cancelled', email }; // again: the same answer, no second event
  await cancelOpenCopies(tx, changeOf(caller, email), copies, 'cancelled_by_user');
  const fresh = await getEmail(tx, tenantId, mode, id);
  return fresh ? { kind: 'cancelled', email: fresh } : { kind: 'not_found' };
}
