import { z } from 'zod';
import { type FieldCode, parseInstant, parseLocal, splitAddresses, type Wish } from '#domain';
import { addresses, bodyText, MAX_RECIPIENTS, ownerId, subject } from '../emails/fields.js';
import { timeZone } from '../emails/time.schema.js';
import { pageFields } from '../emails/email.schema.js';

/** The first system's requests: unknown fields are ignored, several names mean one thing (interface 6). */

const recipients = z.preprocess(
  (value) => (typeof value === 'string' ? splitAddresses(value) : value),
  addresses(MAX_RECIPIENTS),
);

/** An instant, or a local time whose zone stands beside it. */
const time = z
  .string()
  .transform((text, context): number | string => {
    const parsed = parseInstant(text);
    if (parsed.kind === 'ok') return parsed.at;
    if (parsed.code === 'time_without_zone' && parseLocal(text).kind === 'ok') return text;
    context.addIssue({ code: 'custom', message: parsed.detail, params: { code: parsed.code } });
    return z.NEVER;
  })
  .meta({
    description: 'RFC 3339 with Z or an offset; without one it needs timeZone. Before 2100',
    examples: ['2027-01-05T09:00:00Z'],
  });

const fields = {
  recipients: recipients.optional(),
  to: recipients.optional(),
  recipient: recipients.optional(),
  subject: subject.optional(),
  body: bodyText.optional(),
  isHtml: z.boolean().optional(),
  deliveryTime: time.optional(),
  scheduledAt: time.optional(),
  sendAt: time.optional(),
  timeZone: timeZone.optional().meta({ description: 'of a deliveryTime without an offset' }),
  userId: z.union([ownerId, z.number().transform(String)]).optional(),
  user_id: z.union([ownerId, z.number().transform(String)]).optional(),
};

const SYNONYMS = [
  ['recipients', 'to', 'recipient'],
  ['deliveryTime', 'scheduledAt', 'sendAt'],
  ['userId', 'user_id'],
] as const;

type Fields = z.infer<z.ZodObject<typeof fields>>;

function refuse(context: z.RefinementCtx, field: string, code: FieldCode, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message, params: { code } });
}

/** Two names for one thing may both be there, if they say the same. */
function oneMeaning(body: Fields, context: z.RefinementCtx): void {
  for (const names of SYNONYMS) {
    const given = names.filter((name) => body[name] !== undefined);
    const [first, ...others] = given;
    if (first === undefined) continue;
    for (const other of others.filter((name) => JSON.stringify(body[name]) !== JSON.stringify(body[first]))) {
      refuse(context, other, 'conflict', `${other} and ${first} mean the same thing and say different things`);
    }
  }
}

/** A time without an offset is a local one, and whose, it has to say. */
function zoned(body: Fields, context: z.RefinementCtx): void {
  const field = SYNONYMS[1].find((name) => typeof body[name] === 'string');
  if (field !== undefined && body.timeZone === undefined) {
    const said = `"${body[field]}" has no offset or zone. Send "${body[field]}Z" or add timeZone.`;
    refuse(context, field, 'time_without_zone', said);
  }
}

/** When, as the use cases take it. */
function timeOf(body: Fields): { readonly scheduledAt?: number; readonly schedule?: Wish } {
  const when = body.deliveryTime ?? body.scheduledAt ?? body.sendAt;
  if (when === undefined) return {};
  if (typeof when === 'number') return { scheduledAt: when };
  return { schedule: { local: when, timeZone: body.timeZone ?? '' } }; // without one it was refused
}

const meaning = (body: Fields) => ({
  recipients: body.recipients ?? body.to ?? body.recipient,
  subject: body.subject,
  body: body.body,
  isHtml: body.isHtml,
  time: timeOf(body),
  ownerId: body.userId ?? body.user_id,
});

/** `PUT /emails/{id}`: every field may be left out. */
export const ScheduleChange = z
  .object(fields)
  .superRefine(oneMeaning)
  .superRefine(zoned)
  .transform(meaning)
  .meta({ id: 'ScheduleChange' });
export type ScheduleChange = z.infer<typeof ScheduleChange>;

/** `POST /schedule`: who, what and when are required. */
export const ScheduleRequest = z
  .object(fields)
  .superRefine(oneMeaning)
  .superRefine(zoned)
  .superRefine((body, context) => {
    const { recipients: who, time: when } = meaning(body);
    if (who === undefined) refuse(context, 'recipients', 'required', 'is required');
    if (Object.keys(when).length === 0)
      refuse(context, 'deliveryTime', 'required', 'is required; without it use POST /v1/emails');
    if (body.subject === undefined) refuse(context, 'subject', 'required', 'is required');
    if (body.body === undefined) refuse(context, 'body', 'required', 'is required');
  })
  .transform(meaning)
  .meta({ id: 'ScheduleRequest' });

const STATUSES: Readonly<Record<string, string>> = { pending: 'scheduled' };

/** `GET /emails`: the states in any case, under their old names, too. */
export const ScheduledQuery = z.object({
  status: z
    .string()
    .transform((text) => STATUSES[text.toLowerCase()] ?? text.toLowerCase())
    .pipe(z.enum(['scheduled', 'queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed']))
    .optional(),
  ...pageFields,
});
