import { z } from 'zod';
import { ListSchema, viewFields } from '#http';
import { idFilter } from '../deliveries/delivery.schema.js';
import { oneOrMore, pageFields } from '../emails/email.schema.js';
import { line } from '../emails/fields.js';

const { count, id, instant } = viewFields;

/** The query of `GET /v1/events` (interface 3.15). */
export const EventQuery = z
  .strictObject({
    emailId: idFilter('email').optional(),
    deliveryId: idFilter('delivery').optional(),
    jobId: idFilter('job').optional().meta({ description: 'about the job, and about its emails and their copies' }),
    type: oneOrMore(line(60, 'a type')).optional().meta({ description: '`delivery.sent` and so on: docs/events.md' }),
    since: pageFields.after.meta({ description: 'a `cursor` or `nextCursor`: only what was told after it' }),
    after: pageFields.after.meta({ description: 'the same as `since`' }),
    limit: pageFields.limit,
  })
  .superRefine(({ since, after }, context) => {
    if (since === undefined || after === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['after'],
      message: 'is the same as since: send one',
      params: { code: 'conflict' },
    });
  });
export type EventQuery = z.infer<typeof EventQuery>;

/** What `eventView` makes. */
export const EventSchema = z
  .strictObject({
    object: z.literal('event'),
    id: id('event').meta({ description: 'the same in Kafka and in sockets' }),
    type: z.string().meta({ description: '`delivery.sent` and so on: docs/events.md', examples: ['delivery.sent'] }),
    time: instant,
    emailId: id('email').nullable(),
    deliveryId: id('delivery').nullable(),
    jobId: id('job').nullable().meta({ description: 'only where it is about the job itself' }),
    attempt: count.nullable(),
    actor: z.string().meta({ description: 'a key, `system`, `recipient`, `provider`' }),
    data: z.looseObject({}).meta({ description: 'the data of the event' }),
  })
  .meta({ id: 'Event' });

/** A page of events: `cursor` is there at the end, too, so that a reader may come back. */
export const EventListSchema = ListSchema(EventSchema).extend({
  cursor: z.string().nullable().meta({ description: 'behind this page: send as `since` to go on, now or later' }),
});
