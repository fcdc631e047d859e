import { z } from 'zod';
import type { FieldCode } from '#domain';
import { addresses, bodyText, instant, MAX_RECIPIENTS, ownerId, subject } from '../emails/fields.js';
import { pageFields } from '../emails/email.schema.js';

/** The first system's requests: unknown fields are ignored, several names mean one thing (interface 6). */

const recipients = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').filter((part) => part.trim() !== '') : value),
  addresses(MAX_RECIPIENTS),
);

const fields = {
  recipients: recipients.optional(),
  to: recipients.optional(),
  recipient: recipients.optional(),
  subject: subject.optional(),
  body: bodyText.optional(),
  isHtml: z.boolean().optional(),
  deliveryTime: instant.optional(),
  scheduledAt: instant.optional(),
  sendAt: instant.optional(),
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

const meaning = (body: Fields) => ({
  recipients: body.recipients ?? body.to ?? body.recipient,
  subject: body.subject,
  body: body.body,
  isHtml: body.isHtml,
  deliveryTime: body.deliveryTime ?? body.scheduledAt ?? body.sendAt,
  ownerId: body.userId ?? body.user_id,
});

/** `PUT /emails/{id}`: every field may be left out. */
export const ScheduleChange = z
  .object(fields)
  .superRefine(oneMeaning)
  .transform(meaning)
  .meta({ id: 'ScheduleChange' });
export type ScheduleChange = z.infer<typeof ScheduleChange>;

/** `POST /schedule`: who, what and when are required. */
export const ScheduleRequest = z
  .object(fields)
  .superRefine(oneMeaning)
  .superRefine((body, context) => {
    const { recipients: who, deliveryTime: when } = meaning(body);
    if (who === undefined) refuse(context, 'recipients', 'required', 'is required');
    if (when === undefined) refuse(context, 'deliveryTime', 'required', 'is required; without it use POST /v1/emails');
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
