import type { DeliveryStatus, Next } from '#domain';

/** What people need to know of one state of a delivery. */
export interface StateWords {
  readonly is: string;
  readonly enters: string;
  readonly leaves: string;
  readonly crash: string;
}

/** A paragraph per state. A new state does not compile without its words. */
export const STATES: Readonly<Record<DeliveryStatus, StateWords>> = {
  scheduled: {
    is: 'It waits for its time. It has exactly one row in `due`, and nothing else points at it.',
    enters:
      'The scheduler, when the email is created or edited; the sender, after a temporary failure or when an armed message was withheld; the poller, when it gives a claim back or takes a lost one back.',
    leaves: 'A claim of the poller, once it is due; a cancel; the end of its time.',
    crash: 'Nothing: the row stays as it is and is claimed by whoever is alive.',
  },
  queued: {
    is: 'A poller has claimed it under a new epoch and its work order is on the way. A sender may already be talking to a server, so this is no promise that nothing happens; but it can still be cancelled or edited without risk.',
    enters: 'The claim of a poller: the `due` row goes, a row in `claims` comes.',
    leaves:
      'The gate (`sending`); a failure before the final dot, which is settled from here; a cancel, an edit or a release, each of which ends the epoch or the claim.',
    crash:
      'The grant of the claim runs out within 20 s. The reconciler finds it through `claims` and returns it to `scheduled` with a new epoch; whoever still holds the old one can change nothing.',
  },
  sending: {
    is: 'The gate has said yes: the final dot may be on the wire, and the server may accept at any moment. From here on it can be neither cancelled nor edited.',
    enters: 'The one conditional update of the gate, after the body and before the dot.',
    leaves:
      'The settle of the sender that armed it. When the reply never came it stays here, with `holdUntil`, if its email wants to be sent again; else it becomes `unknown`.',
    crash:
      'It is ambiguous, and on record: the attempt keeps `ambiguous_at` for ever. When the process that armed it is silent for 30 s the reconciler decides by the policy of the email.',
  },
  sent: {
    is: 'A server took responsibility for it: it answered the final dot with a 2yz reply (RFC 5321 4.2.1).',
    enters: 'The settle of the sender; late proof, for one that was `unknown`.',
    leaves: 'Nothing. What comes later (delivered, bounced, opened) is kept as facts beside the state.',
    crash: 'Nothing.',
  },
  failed: {
    is: 'Nobody accepted it, and nobody will try again by itself. `reason` and `reply` say why.',
    enters:
      'A permanent refusal; the budget of time or of attempts is spent; the message could not be composed; it was lost with its process too often.',
    leaves: 'A person who retries it.',
    crash: 'Nothing.',
  },
  unknown: {
    is: 'The dot was written, the reply never came, and nobody will send it again by itself. It may have arrived.',
    enters:
      'An ambiguous attempt of an email that is `at_most_once`; the second one of any email; a cancel during the hold, or before its second sending: it may have arrived, so it cannot end as `cancelled`.',
    leaves: 'Late proof, or a person who resolves it.',
    crash: 'Nothing.',
  },
  cancelled: {
    is: 'A user took it back before it was armed.',
    enters: 'A cancel, or an edit that takes the recipient out.',
    leaves: 'Nothing.',
    crash: 'Nothing.',
  },
  expired: {
    is: 'Its time ran out before it was armed.',
    enters: 'The end of its validity while it was `scheduled` or `queued`.',
    leaves: 'A person who retries it.',
    crash: 'Nothing.',
  },
  suppressed: {
    is: 'Its recipient must not be written to.',
    enters: 'A suppression that holds when it is claimed or armed.',
    leaves: 'Nothing.',
    crash: 'Nothing.',
  },
};

/** What makes a move happen, by where it begins and ends: MOVES without words does not compile, nor words without a move. */
export const CAUSES: { readonly [From in DeliveryStatus]: Readonly<Record<Next<From>, string>> } = {
  scheduled: {
    queued: 'claim',
    failed: 'cannot be sent',
    unknown: 'second sending called off',
    cancelled: 'cancel',
    expired: 'too late',
    suppressed: 'suppressed',
  },
  queued: {
    sending: 'arm',
    scheduled: 'edit, release, retry, lost claim',
    failed: 'refused before the dot',
    unknown: 'second sending called off',
    cancelled: 'cancel',
    expired: 'too late',
    suppressed: 'suppressed',
  },
  sending: {
    sent: 'accepted',
    scheduled: 'retry, withheld, sent once more',
    failed: 'refused',
    unknown: 'no reply',
  },
  sent: {},
  failed: { scheduled: 'retried by a person' },
  unknown: { sent: 'late proof', failed: 'late proof', scheduled: 'a person' },
  cancelled: {},
  expired: { scheduled: 'retried by a person' },
  suppressed: {},
};
