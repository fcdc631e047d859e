import { z } from 'zod';
import { EmailListItemSchema, viewFields } from '#http';

/** The answer of a dry run of `POST /v1/emails/bulk`. */
export const BulkPreviewSchema = z
  .strictObject({
    matched: viewFields.count.meta({ description: 'emails that the filter finds now' }),
    sample: z.array(EmailListItemSchema).max(10).meta({ description: 'the newest of them' }),
  })
  .meta({ id: 'BulkPreview' });
