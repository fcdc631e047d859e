import { isFinal } from '#domain';
import {
  appendOutbox,
  copiesMoved,
  emailPaused,
  emailResumed,
  type LockedEmail,
  markPaused,
  markResumed,
  pairs,
  pauseCopies,
  resumeCopies,
} from '#storage';
import { pauseCampaigns, resumeCampaigns } from '../campaigns/pause-campaigns.js';
import { byKind } from './by-kind.js';
import { type ChangeEmails, decidedChange, type Verdict } from './change-emails.js';
import { changeOf } from './change-of.js';
import { openingsFor } from './opening-of.js';

const pauseSingles: ChangeEmails = decidedChange(
  (email) => verdict(email, email.status === 'paused'),
  async (tx, caller, emails) => {
    const { tenantId } = caller;
    const versions = versionsOf(await markPaused(tx, tenantId, emailIds(emails)));
    const held = await pauseCopies(tx, tenantId, copyIds(emails));
    const events = emails.flatMap((email) => {
      const of = changeOf(caller, email);
      const claimed = email.copies.filter(({ status }) => status === 'queued'); // the others have not moved
      return [...copiesMoved(of, pairs(claimed, held)), emailPaused(of, versions.get(email.id) ?? 0)];
    });
    await appendOutbox(tx, events);
  },
);

const resumeSingles: ChangeEmails = decidedChange(
  (email) => verdict(email, email.status !== 'paused'),
  async (tx, caller, emails) => {
    const { tenantId } = caller;
    const versions = versionsOf(await markResumed(tx, tenantId, emailIds(emails)));
    const openingOf = await openingsFor(tx, tenantId);
    const copies = emails.flatMap((email) => email.copies.map(({ id }) => ({ id, opensAt: openingOf(email) })));
    await resumeCopies(tx, tenantId, copies);
    const events = emails.map((email) => emailResumed(changeOf(caller, email), versions.get(email.id) ?? 0));
    await appendOutbox(tx, events);
  },
);

/** Pauses emails: no copy of them is armed from now on, and what was claimed waits again. */
export const pauseEmails: ChangeEmails = byKind(pauseSingles, pauseCampaigns);

/** Lets paused emails go on: what came due meanwhile is due now or when its windows open, and not late. */
export const resumeEmails: ChangeEmails = byKind(resumeSingles, resumeCampaigns);

/** What has come to its end, or is on its way there, can neither wait nor go on. */
function verdict({ copies, tombstone_at: cancelledAt }: LockedEmail, isDone: boolean): Verdict {
  if (cancelledAt !== null || copies.every(({ status }) => isFinal(status))) return 'state_conflict';
  return isDone ? 'repeat' : 'change';
}

const emailIds = (emails: readonly LockedEmail[]) => emails.map(({ id }) => id);
const copyIds = (emails: readonly LockedEmail[]) => emails.flatMap(({ copies }) => copies.map(({ id }) => id));
const versionsOf = (marked: Awaited<ReturnType<typeof markPaused>>) =>
  new Map(marked.map(({ id, version }) => [id, version]));
