import { isOpen } from '#domain';
import type { LockedCopy } from '#storage';
import type { Recipient } from './decide-email.js';
import { written } from './fields.js';

/** Copies stay with their recipient; one whose recipient was taken out leaves, one for a new recipient comes. */
export function compareRecipients(copies: readonly LockedCopy[], recipients: readonly Recipient[]) {
  const wanted = new Map(
    recipients.map((recipient) => [identity(recipient.role, written(recipient.mailbox)), recipient]),
  );
  const open = copies.filter(isOpen);
  const staying = open.filter((copy) => wanted.has(identity(copy.role, copy.mailbox)));
  // A recipient who was taken out and comes back gets a new copy.
  const closed = copies.filter((copy) => !isOpen(copy) && copy.status !== 'cancelled');
  const present = new Set([...staying, ...closed].map((copy) => identity(copy.role, copy.mailbox)));
  return {
    staying,
    removed: open.filter((copy) => !staying.includes(copy)),
    added: recipients.filter(({ role, mailbox }) => !present.has(identity(role, written(mailbox)))),
  };
}

const identity = (role: string, mailbox: string): string => `${role} ${mailbox}`;
