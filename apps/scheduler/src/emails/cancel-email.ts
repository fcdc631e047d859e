import type { EmailId } from '#domain';
import type { Caller } from '#http';
import { type Database, type EmailRow, getEmail } from '#storage';
import { cancelEmails } from './cancel-emails.js';
import { type NotChanged, notChanged } from './not-changed.js';
import { untilSettled } from './until-settled.js';

export type Cancelled = { readonly kind: 'cancelled'; readonly email: EmailRow } | NotChanged;

export interface CancelOptions {
  /** The version that the caller last saw; undefined: whichever it is. */
  readonly ifVersion: number | undefined;
  /** How long to try again while copies are in flight. */
  readonly waitSeconds: number;
}

/** Cancels an email: its copies that are not armed will never be sent, and the answer says so truthfully. */
export class CancelEmail {
  constructor(private readonly db: Database) {}

  run(caller: Caller, id: EmailId, { ifVersion, waitSeconds }: CancelOptions): Promise<Cancelled> {
    const { tenantId, mode } = caller;
    const attempt = () =>
      this.db.of(tenantId).transaction(async (tx): Promise<Cancelled> => {
        const [change] = await cancelEmails(tx, caller, [id], { ifVersion });
        const email = await getEmail(tx, tenantId, mode, id);
        if (!change || !email) return { kind: 'not_found' };
        return change.kind === 'done' ? { kind: 'cancelled', email } : notChanged(change.code, email);
      });
    return untilSettled(attempt, (result) => result.kind === 'too_late' && result.code === 'in_flight', waitSeconds);
  }
}
