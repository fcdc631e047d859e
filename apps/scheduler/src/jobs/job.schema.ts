import { z } from 'zod';
import { JOB_KINDS, JOB_STATUSES } from '#domain';
import { pageFields } from '../emails/email.schema.js';
import { ownerId } from '../emails/fields.js';

const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z.union([schema.transform((one) => [one]), z.array(schema).min(1).max(20)]);

/** The query of `GET /v1/jobs`. */
export const JobQuery = z.strictObject({
  kind: oneOrMore(z.enum(JOB_KINDS)).optional(),
  status: oneOrMore(z.enum(JOB_STATUSES)).optional(),
  active: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'true: only jobs that are not finished' }),
  ownerId: ownerId.optional(),
  ...pageFields,
});
export type JobQuery = z.infer<typeof JobQuery>;

/** The body of `POST /v1/jobs/{id}/retry`. */
export const JobRetry = z
  .strictObject({
    statuses: z
      .array(z.enum(['failed', 'expired', 'unknown']))
      .min(1)
      .max(3)
      .meta({ description: 'which copies to send again' }),
  })
  .meta({ id: 'JobRetry' });
export type JobRetry = z.infer<typeof JobRetry>;
