import { type LoadTestScript, recipientOf } from '#domain';
import type { MakeRecipients } from '../campaigns/expand-next.js';

/** The people of a load test from one place on: they are stored nowhere, the same script makes the same ones. */
export const makeRecipients: MakeRecipients = ({ script }, from, count) =>
  Array.from({ length: count }, (_, index) => {
    const address = recipientOf(script as LoadTestScript, from + index); // our own words, read back
    return { key: address, mailbox: address, address };
  });
