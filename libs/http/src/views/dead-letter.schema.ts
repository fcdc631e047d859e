import { z } from 'zod';
import { DEAD_LETTER_KINDS, DEAD_LETTER_STATUSES } from '#storage';
import { count, id, instant } from './fields.schema.js';

const fields = {
  object: z.literal('dead_letter'),
  id: id('dead_letter'),
  kind: z
    .enum(DEAD_LETTER_KINDS)
    .meta({ description: '`delivery`: nobody tries any more; `record`: nobody could read it' }),
  reason: z.string().meta({ examples: ['time_budget_spent'] }),
  status: z.enum(DEAD_LETTER_STATUSES),
  deliveryId: id('delivery').nullable(),
  emailId: id('email').nullable(),
  jobId: id('job').nullable(),
  attempts: count,
  error: z
    .string()
    .nullable()
    .meta({ description: 'in the words of the server, or in ours', examples: ['451 4.3.0 try later'] }),
  conversation: z.array(z.string()).meta({
    description: 'the last one, line by line',
    examples: [['> RCPT TO:<a@example.com>', '< 451 4.3.0 try later']],
  }),
  topic: z.string().nullable(),
  partition: z.int().nullable(),
  offset: z.int().nullable(),
  createdAt: instant,
  closedAt: instant.nullable().meta({ description: 'when it was redriven or discarded' }),
  closedBy: z.string().nullable().meta({ description: 'by whom: a key, or `system`' }),
  discardReason: z.string().nullable(),
};

/** What `deadLetterListItem` makes: all but the payload. */
export const DeadLetterListItemSchema = z.strictObject(fields).meta({ id: 'DeadLetterListItem' });

/** What `deadLetterView` makes. */
export const DeadLetterSchema = z
  .strictObject({
    ...fields,
    payload: z.string().nullable().meta({ description: 'of a record: its value, bytes untouched, in base64' }),
  })
  .meta({ id: 'DeadLetter' });
