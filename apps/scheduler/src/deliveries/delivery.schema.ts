import { z } from 'zod';
import { DELIVERY_STATUSES, type Id, type IdName, parsePublicId } from '#domain';
import { oneOrMore, pageFields } from '../emails/email.schema.js';
import { address, instant } from '../emails/fields.js';

/** The id of something else as a filter. What does not exist is found nowhere; what cannot be an id is refused. */
export const idFilter = <Name extends IdName>(name: Name) =>
  z.string().transform((text, context): Id<Name> => {
    const id = parsePublicId(name, text);
    if (id) return id;
    context.addIssue({ code: 'custom', message: `is no id of a ${name}`, params: { code: 'bad_format' } });
    return z.NEVER;
  });

/** A switch in a query: `true` or `false`. */
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** The query of `GET /v1/deliveries` (interface 3.2). */
export const DeliveryQuery = z
  .strictObject({
    emailId: idFilter('email').optional(),
    jobId: idFilter('job').optional().meta({ description: 'copies of the emails of a job' }),
    status: oneOrMore(z.enum(DELIVERY_STATUSES)).optional(),
    to: address.optional().meta({ description: 'ignoring case' }),
    providerId: idFilter('provider').optional().meta({ description: 'of the last attempt' }),
    possibleDuplicate: flag.optional(),
    dueFrom: instant.optional().meta({ description: 'wanted then or later' }),
    dueTo: instant.optional().meta({ description: 'wanted before' }),
    sort: z.enum(['-createdAt', 'dueAt']).default('-createdAt').meta({
      description:
        'newest first; or, with `status=scheduled` alone, in the order in which they are tried next: what is paused or missed is not in line',
      default: '-createdAt',
    }),
    ...pageFields,
  })
  .superRefine(({ sort, status, before }, context) => {
    if (sort !== 'dueAt') return;
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { code: 'conflict' } });
    if (status?.length !== 1 || status[0] !== 'scheduled')
      refuse('sort', 'dueAt orders only what waits: add status=scheduled');
    if (before !== undefined) refuse('before', 'this order is read forwards: send after');
  });
export type DeliveryQuery = z.infer<typeof DeliveryQuery>;

/** The body of `POST /v1/deliveries/{id}/retry`; it may be left out. */
export const DeliveryRetry = z
  .strictObject({
    confirmUnknown: z
      .boolean()
      .default(false)
      .meta({ description: 'of an `unknown` one, which may have arrived: a second copy is no harm', default: false }),
  })
  .meta({ id: 'DeliveryRetry' })
  .prefault({});
export type DeliveryRetry = z.infer<typeof DeliveryRetry>;

/** The body of `POST /v1/deliveries/{id}/resolve`. */
export const DeliveryResolution = z
  .strictObject({
    as: z.enum(['sent', 'failed', 'resend']).meta({ description: 'how it ended; or `resend`: send it once more' }),
  })
  .meta({ id: 'DeliveryResolution' });
export type DeliveryResolution = z.infer<typeof DeliveryResolution>;
