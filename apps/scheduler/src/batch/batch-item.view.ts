import { z } from 'zod';
import { FIELD_CODES, type FieldError } from '#domain';
import { JobSchema, viewFields } from '#http';

/** What became of one email of a batch. */
export type BatchItemView =
  | { readonly index: number; readonly id: string; readonly status: 'created' | 'replayed' }
  | { readonly index: number; readonly id: null; readonly status: 'rejected'; readonly errors: readonly FieldError[] };

const fieldError = z.strictObject({
  pointer: z.string().meta({ examples: ['/emails/3/to'] }),
  code: z.enum(FIELD_CODES),
  detail: z.string(),
});

/** The answer of `POST /v1/emails/batch`. */
export const BatchSchema = JobSchema.extend({
  items: z.array(
    z.strictObject({
      index: viewFields.count.meta({ description: 'its place in `emails`' }),
      id: viewFields.id('email').nullable(),
      status: z
        .enum(['created', 'replayed', 'rejected'])
        .meta({ description: '`replayed`: its idempotencyKey had been used for the same email before' }),
      errors: z.array(fieldError).optional().meta({ description: 'only of rejected ones' }),
    }),
  ),
}).meta({ id: 'Batch' });
