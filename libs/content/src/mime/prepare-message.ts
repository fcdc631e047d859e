import type { MessageAttachment } from './attachment-part.js';
import { customHeader, mailboxHeader, messageIdHeader, subjectHeader, tokenHeader } from './header.js';
import { mimeBody } from './mime-body.js';

/** What all copies of an email share. Mailboxes are `a@b.c` or `Name <a@b.c>`. */
export interface MessageParts {
  readonly from: string;
  readonly replyTo: readonly string[];
  readonly subject: string;
  /** Derived from `html` when null. */
  readonly text: string | null;
  readonly html: string | null;
  /** By name, in their order; never those that are written here. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly MessageAttachment[];
  readonly date: Date;
  /** The same seed, the same boundary: a retry repeats the message to the byte. */
  readonly boundarySeed: string;
}

/** What a copy has of its own. Bcc has no place here. */
export interface DeliveryHeaders {
  /** `dl_...` */
  readonly deliveryId: string;
  /** `<id@domain>` */
  readonly messageId: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
}

export interface MessageComposer {
  /** The whole message: CRLF line ends, no line over 998 octets. Throws when a header value cannot be written safely. */
  readonly forDelivery: (headers: DeliveryHeaders) => Buffer;
}

/** Encodes once what all copies share. Throws when a header value cannot be written safely, or there is no body. */
export function prepareMessage(parts: MessageParts): MessageComposer {
  const before = Buffer.from(
    mailboxHeader('From', [parts.from]) +
      mailboxHeader('Reply-To', parts.replyTo) +
      subjectHeader(parts.subject) +
      dateHeader(parts.date) +
      Object.entries(parts.headers)
        .map(([name, value]) => customHeader(name, value))
        .join(''),
  );
  const after = [Buffer.from('MIME-Version: 1.0\r\n'), ...mimeBody(parts)];
  return {
    forDelivery: ({ deliveryId, messageId, to, cc }) => {
      const own =
        mailboxHeader('To', to) +
        mailboxHeader('Cc', cc) +
        messageIdHeader(messageId) +
        tokenHeader('X-Mailtide-Delivery', deliveryId);
      return Buffer.concat([before, Buffer.from(own), ...after]);
    },
  };
}

/** RFC 5322 3.3; the zone in digits, since `GMT` is obsolete there. */
function dateHeader(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new Error('Date: the date is not valid');
  return `Date: ${date.toUTCString().replace('GMT', '+0000')}\r\n`;
}
