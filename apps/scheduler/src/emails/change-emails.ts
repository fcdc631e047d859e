import type { Cancellation, EmailId, TooLate } from '#domain';
import type { Caller } from '#http';
import { type LockedEmail, lockManyCopies, type Queryable } from '#storage';

/** Why one of several emails was left as it is: the code of the problem that the single action answers. */
export type RefusalCode = TooLate | 'not_found' | 'version_mismatch' | 'state_conflict';

/** What became of one email. */
export type EmailChange = {
  /** Of a cancel: how its copies are after it, also where it came too late. */
  readonly cancellation?: Cancellation;
} & (
  | {
      readonly kind: 'done';
      /** It had been done before: nothing was changed and nothing was told. */
      readonly isRepeat: boolean;
    }
  | { readonly kind: 'refused'; readonly code: RefusalCode }
);

export interface ChangeOptions {
  /** The version that the caller last saw; undefined: whichever it is. */
  readonly ifVersion?: number | undefined;
}

/**
 * Changes emails in the caller's open transaction: locks them, decides each by its rows, writes all with a few statements, and
 * their events with them. Answers what became of each, in the order of `ids`. A refusal may have had an effect of its own (a
 * cancel calls off what would be sent once more), so commit either way.
 */
export type ChangeEmails = (
  tx: Queryable,
  caller: Caller,
  ids: readonly EmailId[],
  options?: ChangeOptions,
) => Promise<readonly EmailChange[]>;

/** What the rows of an email say to a change. */
export type Verdict = 'change' | 'repeat' | RefusalCode;

/** The frame of changes that are decided before anything is written. */
export const decidedChange =
  (
    decide: (email: LockedEmail) => Verdict,
    write: (tx: Queryable, caller: Caller, emails: readonly LockedEmail[]) => Promise<void>,
  ): ChangeEmails =>
  async (tx, caller, ids, options = {}) => {
    const emails = await lockManyCopies(tx, caller.tenantId, caller.mode, ids);
    const verdicts = new Map(
      emails.map((email) => [email.id, isStale(email, options) ? 'version_mismatch' : decide(email)]),
    );
    const toChange = emails.filter(({ id }) => verdicts.get(id) === 'change');
    if (toChange.length > 0) await write(tx, caller, toChange);
    return ids.map((id) => changeOf(verdicts.get(id) ?? 'not_found'));
  };

export const isStale = ({ version }: LockedEmail, { ifVersion }: ChangeOptions): boolean =>
  ifVersion !== undefined && ifVersion !== version;

const changeOf = (verdict: Verdict): EmailChange =>
  verdict === 'change' || verdict === 'repeat'
    ? { kind: 'done', isRepeat: verdict === 'repeat' }
    : { kind: 'refused', code: verdict };
