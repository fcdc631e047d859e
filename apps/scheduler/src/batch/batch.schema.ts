import { z } from 'zod';
import { EmailRequest } from '../emails/email.schema.js';

const MAX_EMAILS = 1_000;

const mode = z
  .enum(['strict', 'permissive'])
  .default('strict')
  .meta({ description: '`strict`: all or nothing; `permissive` takes the good ones', default: 'strict' });

/** One email of a batch. */
export const BatchItem = EmailRequest.extend({
  idempotencyKey: z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
    .optional()
    .meta({ description: 'as the header `Idempotency-Key` of `POST /v1/emails`, for this email alone' }),
}).meta({ id: 'BatchItem' });
export type BatchItem = z.infer<typeof BatchItem>;

/** The body of `POST /v1/emails/batch` before its emails are looked at: each is checked by itself. */
export const BatchEnvelope = z
  .strictObject({
    emails: z.array(z.unknown()).min(1, 'at least one email').max(MAX_EMAILS, `at most ${MAX_EMAILS} emails`),
    mode,
  })
  .meta({ id: 'BatchRequest' }); // in the documentation, the one below stands in its place
export type BatchEnvelope = z.infer<typeof BatchEnvelope>;

/** The same as its callers see it: for the documentation. */
export const BatchRequest = z
  .strictObject({ emails: z.array(BatchItem).min(1).max(MAX_EMAILS), mode })
  .meta({ id: 'BatchRequest' });
