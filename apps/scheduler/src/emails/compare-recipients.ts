import { isOpen, type Mailbox } from '#domain';
import type { LockedCopy } from '#storage';
import type { Recipient } from './decide-email.js';
import { written } from './fields.js';

/**
 * Copies stay with their recipient; one whose recipient was taken out leaves, one for a new recipient comes.
 * @param before who the recipients were until now
 */
export function compareRecipients(
  copies: readonly LockedCopy[],
  recipients: readonly Recipient[],
  before: readonly Mailbox[],
) {
  const wanted = new Map(
    recipients.map((recipient) => [identity(recipient.role, written(recipient.mailbox)), recipient]),
  );
  const open = copies.filter(isOpen);
  const staying = open.filter((copy) => wanted.has(identity(copy.role, copy.mailbox)));
  // A recipient who was taken out and comes back gets a new copy.
  const closed = copies.filter((copy) => !isOpen(copy) && copy.status !== 'cancelled');
  const present = new Set([...staying, ...closed].map((copy) => identity(copy.role, copy.mailbox)));
  const calledOff = keysCalledOff(copies, before);
  return {
    staying,
    removed: open.filter((copy) => !staying.includes(copy)),
    added: recipients.filter(
      ({ role, mailbox }) => !present.has(identity(role, written(mailbox))) && !calledOff.has(mailbox.key),
    ),
  };
}

/** Those who were recipients all along and whose copy a person cancelled: no edit of something else mails them after all. */
function keysCalledOff(copies: readonly LockedCopy[], before: readonly Mailbox[]): ReadonlySet<string> {
  const left = new Set(copies.flatMap((copy) => (copy.status === 'cancelled' ? [] : [copy.recipient_key])));
  const cancelled = new Set(copies.map((copy) => copy.recipient_key).filter((key) => !left.has(key)));
  return new Set(before.map(({ key }) => key).filter((key) => cancelled.has(key)));
}

const identity = (role: string, mailbox: string): string => `${role} ${mailbox}`;
