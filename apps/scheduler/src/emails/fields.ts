import { z } from 'zod';
import { type FieldCode, formatMailbox, hasControls, type Mailbox, parseAddress, parseInstant } from '#domain';

/** The pieces that requests about emails are made of; each refuses what could harm, and says what to do instead. */

const MAX_TEXT_BYTES = 524_288;
const MAX_SUBJECT = 998; // RFC 5322 2.1.1
export const MAX_RECIPIENTS = 50;

/** Adds an error with a code of ours (interface 2.1). */
export const refuse = (
  context: z.RefinementCtx,
  code: FieldCode,
  message: string,
  path: readonly (string | number)[] = [],
): never => {
  context.addIssue({ code: 'custom', message, params: { code }, path: [...path] });
  return z.NEVER;
};

/** Refuses text that no header and no name may hold; whether it did. */
export function refuseUnsafe(context: z.RefinementCtx, text: string, path: readonly string[] = []): boolean {
  if (hasControls(text)) refuse(context, 'injection', 'contains a control character (CR, LF, NUL ...)', path);
  else if (!text.isWellFormed()) refuse(context, 'bad_format', 'contains half of a surrogate pair', path);
  else return false;
  return true;
}

export const address = z
  .string()
  .transform((text, context): Mailbox => {
    const parsed = parseAddress(text);
    if (!text.isWellFormed()) return refuse(context, 'bad_format', 'contains half of a surrogate pair');
    return parsed.kind === 'ok' ? parsed.mailbox : refuse(context, parsed.code, parsed.detail);
  })
  .meta({ description: '`a@b.c` or `Name <a@b.c>`', examples: ['ada@example.com'] });

/** One address or several; always a list afterwards. */
export const addresses = (max: number) =>
  z
    .union([address.transform((one) => [one]), z.array(address).max(max, `at most ${max} addresses`)])
    .meta({ description: `an address or up to ${max} of them` });

/** Text of one line that becomes a header or a name: no controls, no half characters. */
export const line = (max: number, what: string) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(max, `${what} has more than ${max} characters`)
    .superRefine((text, context) => {
      if (hasControls(text)) refuse(context, 'injection', `${what} contains a control character (CR, LF, NUL ...)`);
      else if (!text.isWellFormed()) refuse(context, 'bad_format', `${what} contains half of a surrogate pair`);
    });

export const subject = line(MAX_SUBJECT, 'the subject').meta({ description: '1 to 998 characters, no controls' });
export const correlationKey = line(200, 'correlationKey').meta({ description: 'your own name for what led to it' });
export const ownerId = line(100, 'ownerId').meta({ description: 'your own name for whom this email is' });

/** A body: may have line ends, but nothing that no mail can carry. */
export const bodyText = z
  .string()
  .superRefine((text, context) => {
    if (Buffer.byteLength(text) > MAX_TEXT_BYTES) refuse(context, 'too_long', 'is larger than 512 KiB');
    else if (text.includes('\0')) refuse(context, 'injection', 'contains NUL');
    else if (!text.isWellFormed()) refuse(context, 'bad_format', 'contains half of a surrogate pair');
  })
  .meta({ description: 'at most 512 KiB' });

/** An RFC 3339 instant; milliseconds since 1970 afterwards. */
export const instant = z
  .string()
  .transform((text, context): number => {
    const parsed = parseInstant(text);
    return parsed.kind === 'ok' ? parsed.at : refuse(context, parsed.code, parsed.detail);
  })
  .meta({ description: 'RFC 3339 with Z or an offset, before 2100', examples: ['2027-01-05T09:00:00Z'] });

/** A mailbox as it is stored and shown. */
export const written = ({ name, address: bare }: Mailbox): string => formatMailbox({ name, address: bare });
