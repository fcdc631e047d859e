import { z } from 'zod';

/** A page of a list (interface 2). */
export const ListSchema = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    object: z.literal('list'),
    data: z.array(item),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable().meta({ description: 'send as `after` for the next page' }),
    prevCursor: z.string().nullable().meta({ description: 'send as `before` for the page before' }),
  });
