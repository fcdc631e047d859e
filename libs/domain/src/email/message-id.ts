import { publicId } from '../id.js';

/**
 * The Message-ID of a copy, the same over all its attempts: of the email where all copies are one message (`shared`),
 * of the delivery where each is its own (RFC 5322 3.6.4).
 * @param from the mailbox of the sender: its domain vouches for the id
 */
export function messageId(of: 'email' | 'delivery', id: string, from: string): string {
  const domain = /@([^@>]+)>?$/.exec(from)?.[1] ?? 'mailtide.test';
  return `<${publicId(of, id)}@${domain}>`;
}
