import { z } from 'zod';
import { hasControls } from '#domain';
import { viewFields } from '#http';
import { SUPPRESSION_SCOPES, SUPPRESSION_SOURCES } from '#storage';
import { pageFields } from '../emails/email.schema.js';
import { address } from '../emails/fields.js';

const MAX_CHECKED = 1_000;

/** A text of one line for people; whoever reads a list must not be fooled by it. */
const reason = z
  .string()
  .min(1, 'the reason must not be empty')
  .max(200, 'the reason has more than 200 characters')
  .refine((text) => !hasControls(text), {
    error: 'the reason contains a control character (CR, LF, NUL ...)',
    params: { code: 'injection' },
  })
  .refine((text) => text.isWellFormed(), {
    error: 'the reason contains half of a surrogate pair',
    params: { code: 'bad_format' },
  });

/** The body of `POST /v1/suppressions` (interface 3.8). */
export const SuppressionRequest = z
  .strictObject({
    address,
    reason: reason.optional().meta({ description: 'why, for people; 1 to 200 characters' }),
    scope: z
      .enum(SUPPRESSION_SCOPES)
      .optional()
      .meta({ description: '`bulk`: transactional mail passes; default: all' }),
  })
  .meta({ id: 'SuppressionRequest' });
export type SuppressionRequest = z.infer<typeof SuppressionRequest>;

/** The query of `GET /v1/suppressions`. */
export const SuppressionQuery = z.strictObject(pageFields);
export type SuppressionQuery = z.infer<typeof SuppressionQuery>;

/** The body of `POST /v1/suppressions/check`. */
export const SuppressionCheck = z
  .strictObject({
    addresses: z.array(address).min(1, 'at least one address').max(MAX_CHECKED, `at most ${MAX_CHECKED} addresses`),
  })
  .meta({ id: 'SuppressionCheck' });
export type SuppressionCheck = z.infer<typeof SuppressionCheck>;

export const SuppressionSchema = z
  .strictObject({
    object: z.literal('suppression'),
    id: viewFields.id('suppression'),
    address: z.string().meta({ examples: ['bob@example.com'] }),
    scope: z.enum(SUPPRESSION_SCOPES),
    source: z.enum(SUPPRESSION_SOURCES),
    reason: z
      .string()
      .nullable()
      .meta({ examples: ['550 5.1.1'] }),
    deliveryId: viewFields.id('delivery').nullable().meta({ description: 'whose end caused it' }),
    createdAt: viewFields.instant,
  })
  .meta({ id: 'Suppression' });

export const SuppressedSchema = z.strictObject({ suppressed: z.array(SuppressionSchema) });
