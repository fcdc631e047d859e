import { z } from 'zod';

/** A row that was left out of a campaign's recipients. */
export const RejectedSchema = z
  .strictObject({
    row: z.int().positive().meta({ description: 'of its upload or list, from 1; a header is not counted' }),
    value: z.string(),
    code: z.string().meta({ description: 'why', examples: ['bad_address'] }),
  })
  .meta({ id: 'RejectedRecipient' });
export type RejectedView = z.infer<typeof RejectedSchema>;
