import { z } from 'zod';
import {
  DELIVERY_STATUSES,
  EMAIL_CLASSES,
  EMAIL_KINDS,
  type JobId,
  MISSED_POLICIES,
  parsePublicId,
  UNKNOWN_POLICIES,
  VISIBILITIES,
} from '#domain';
import { attachments } from './attachment.schema.js';
import { data, render } from './content.schema.js';
import { address, addresses, bodyText, correlationKey, instant, MAX_RECIPIENTS, ownerId, subject } from './fields.js';
import { headers, headersPatch } from './header.schema.js';
import { refuseTwins, tag, tags, tagsPatch } from './tag.schema.js';
import { schedule, windows } from './time.schema.js';

const graceSeconds = z
  .int()
  .min(0)
  .max(2_678_400)
  .meta({ description: 'how late it may be sent when only we were away; default: 600, 21,600 or 86,400 by class' });
const onMissed = z
  .enum(MISSED_POLICIES)
  .meta({ description: 'later than that: it expires, or waits for you; default: expire' });
const expiresAt = instant.meta({ description: 'nothing is sent from then on, whatever the cause; after scheduledAt' });
const retryForSeconds = z.int().min(0).max(432_000);

/** The body of `POST /v1/emails` (interface 3.1). */
export const EmailRequest = z
  .strictObject({
    to: addresses(MAX_RECIPIENTS),
    cc: addresses(MAX_RECIPIENTS).optional(),
    bcc: addresses(MAX_RECIPIENTS).optional(),
    from: address.optional().meta({ description: 'default: the installation’s DEFAULT_FROM' }),
    replyTo: addresses(5).optional(),
    subject,
    text: bodyText.optional().meta({ description: 'derived from html if absent' }),
    html: bodyText.optional(),
    render: render.optional(),
    data: data.optional(),
    attachments: attachments.optional(),
    headers: headers.optional(),
    scheduledAt: instant.optional().meta({ description: 'when to send; default: now' }),
    schedule: schedule.optional().meta({ description: 'instead of scheduledAt: a local time' }),
    allowPast: z.boolean().optional().meta({ description: 'a time that is past means now instead of an error' }),
    class: z
      .enum(EMAIL_CLASSES)
      .optional()
      .meta({ description: 'sets the lane and the defaults of the next four; default: transactional' }),
    graceSeconds: graceSeconds.optional(),
    onMissed: onMissed.optional(),
    retryForSeconds: retryForSeconds.optional(),
    onUnknown: z.enum(UNKNOWN_POLICIES).optional(),
    expiresAt: expiresAt.optional(),
    visibility: z.enum(VISIBILITIES).optional().meta({ description: 'default: shared' }),
    ownerId: ownerId.optional(),
    tags: tags.optional(),
    correlationKey: correlationKey.optional(),
    windows: windows.optional(),
  })
  .meta({ id: 'EmailRequest' });
export type EmailRequest = z.infer<typeof EmailRequest>;

/** The body of `PATCH /v1/emails/{id}`: a merge patch (RFC 7396); null takes the default again. */
export const EmailPatch = z
  .strictObject({
    to: addresses(MAX_RECIPIENTS).optional(),
    cc: addresses(MAX_RECIPIENTS).nullish(),
    bcc: addresses(MAX_RECIPIENTS).nullish(),
    from: address.nullish(),
    replyTo: addresses(5).nullish(),
    subject: subject.optional(),
    text: bodyText.nullish(),
    html: bodyText.nullish(),
    render: render.nullish(),
    data: data.nullish().meta({ description: 'all of them anew' }),
    attachments: attachments.nullish().meta({ description: 'all of them anew' }),
    headers: headersPatch.nullish().meta({ description: 'what is not named stays; null takes a header away' }),
    scheduledAt: instant.nullish(),
    schedule: schedule.nullish().meta({ description: 'null: its instant stays, its zone is forgotten' }),
    allowPast: z.boolean().nullish(),
    graceSeconds: graceSeconds.nullish(),
    onMissed: onMissed.nullish(),
    retryForSeconds: retryForSeconds.nullish(),
    onUnknown: z.enum(UNKNOWN_POLICIES).nullish(),
    expiresAt: expiresAt.nullish(),
    visibility: z.enum(VISIBILITIES).nullish(),
    ownerId: ownerId.nullish(),
    tags: tagsPatch.nullish().meta({ description: 'what is not named stays; null takes a tag away' }),
    correlationKey: correlationKey.nullish(),
    windows: windows.nullish(),
  })
  .meta({ id: 'EmailPatch' });
export type EmailPatch = z.infer<typeof EmailPatch>;

/** A query parameter that may be repeated; always a list afterwards. */
export const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z.union([schema.transform((one) => [one]), z.array(schema).min(1).max(20)]);

const cursor = z.string().min(1).max(400);
const limit = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 100')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 100, { error: 'must be from 1 to 100', params: { code: 'out_of_range' } })
  .default(25)
  .meta({ description: '1 to 100', default: '25' });

export const pageFields = { limit, after: cursor.optional(), before: cursor.optional() };

/** A job that does not exist has no emails, and neither has a text that is no id. */
const jobId = z
  .string()
  .max(100)
  .transform((text): JobId | null => parsePublicId('job', text) ?? null)
  .meta({ description: 'the batch they came in' });
/** The address in the form in which two addresses are the same when they are equal. */
const recipientKey = address
  .transform((mailbox) => mailbox.key)
  .meta({ description: 'emails that have a copy for this address', examples: ['ada@example.com'] });

/** The query of `GET /v1/emails`. */
export const EmailQuery = z.strictObject({
  status: oneOrMore(z.enum([...DELIVERY_STATUSES, 'paused']))
    .optional()
    .meta({ description: 'emails that have such a copy; paused: that wait for a resume' }),
  kind: oneOrMore(z.enum(EMAIL_KINDS)).optional(),
  class: oneOrMore(z.enum(EMAIL_CLASSES)).optional(),
  jobId: jobId.optional(),
  ownerId: ownerId.optional(),
  to: recipientKey.optional(),
  tag: oneOrMore(tag).superRefine(refuseTwins).optional().meta({ description: '`name:value`; of several, all' }),
  scheduledFrom: instant.optional(),
  scheduledTo: instant.optional().meta({ description: 'before it' }),
  createdFrom: instant.optional(),
  createdTo: instant.optional().meta({ description: 'before it' }),
  ...pageFields,
});
export type EmailQuery = z.infer<typeof EmailQuery>;

/** The query of lists that only have pages. */
export const PageQuery = z
  .strictObject(pageFields)
  .refine(({ after, before }) => after === undefined || before === undefined, {
    error: 'send after or before, not both',
    path: ['before'],
    params: { code: 'conflict' },
  });
export type PageQuery = z.infer<typeof PageQuery>;

export const CreateQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).optional() });
