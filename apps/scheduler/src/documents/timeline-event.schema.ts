import { z } from 'zod';
import { viewFields } from '#http';

const { count, id, instant } = viewFields;

/** What `timelineView` makes. */
export const TimelineEventSchema = z
  .strictObject({
    object: z.literal('event'),
    id: id('event').meta({ description: 'the same in Kafka and in sockets' }),
    type: z.string().meta({ description: '`delivery.sent` and so on: docs/events.md', examples: ['delivery.sent'] }),
    time: instant,
    emailId: id('email'),
    deliveryId: id('delivery').nullable(),
    attempt: count.nullable(),
    actor: z.string().meta({ description: 'a key, `system`, `developer` ...' }),
    data: z.looseObject({}).meta({ description: 'the data of the event' }),
  })
  .meta({ id: 'TimelineEvent' });
