import { z } from 'zod';
import { DELIVERY_STATUSES, EMAIL_CLASSES, UNKNOWN_POLICIES, VISIBILITIES } from '#domain';
import { address, addresses, bodyText, instant, MAX_RECIPIENTS, ownerId, subject } from './fields.js';

const retryForSeconds = z.int('must be whole seconds').min(0).max(432_000);

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
    scheduledAt: instant.optional().meta({ description: 'when to send; default: now' }),
    allowPast: z.boolean().optional().meta({ description: 'a time that is past means now instead of an error' }),
    class: z
      .enum(EMAIL_CLASSES)
      .optional()
      .meta({ description: 'sets the lane and the next two; default: transactional' }),
    retryForSeconds: retryForSeconds.optional(),
    onUnknown: z.enum(UNKNOWN_POLICIES).optional(),
    visibility: z.enum(VISIBILITIES).optional().meta({ description: 'default: shared' }),
    ownerId: ownerId.optional(),
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
    scheduledAt: instant.nullish(),
    allowPast: z.boolean().nullish(),
    retryForSeconds: retryForSeconds.nullish(),
    onUnknown: z.enum(UNKNOWN_POLICIES).nullish(),
    visibility: z.enum(VISIBILITIES).nullish(),
    ownerId: ownerId.nullish(),
  })
  .meta({ id: 'EmailPatch' });
export type EmailPatch = z.infer<typeof EmailPatch>;

const oneOrMore = <T extends z.ZodType>(schema: T) =>
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

/** The query of `GET /v1/emails`. */
export const EmailQuery = z.strictObject({
  status: oneOrMore(z.enum(DELIVERY_STATUSES)).optional().meta({ description: 'emails that have such a copy' }),
  class: oneOrMore(z.enum(EMAIL_CLASSES)).optional(),
  ownerId: ownerId.optional(),
  scheduledFrom: instant.optional(),
  scheduledTo: instant.optional(),
  ...pageFields,
});
export type EmailQuery = z.infer<typeof EmailQuery>;

/** The query of lists that only have pages. */
export const ForwardQuery = z.strictObject({ limit, after: cursor.optional() });
export type ForwardQuery = z.infer<typeof ForwardQuery>;

export const CreateQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).optional() });
export const CancelQuery = z.strictObject({
  wait: z
    .string()
    .regex(/^(10|\d)$/, 'must be whole seconds from 0 to 10')
    .transform(Number)
    .default(0)
    .meta({ description: 'seconds to wait for copies in flight', default: '0' }),
});
