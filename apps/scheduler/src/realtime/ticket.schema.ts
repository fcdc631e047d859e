import { z } from 'zod';
import { viewFields } from '#http';
import { refuseUnsafe } from '../emails/fields.js';

const TOPIC = /^(\*|tenant|dead-letters|(email|delivery|job|campaign|owner):.{1,100})$/s;

/** The body of `POST /v1/realtime/tickets` (interface 4). */
export const TicketRequest = z
  .strictObject({
    topics: z
      .array(
        z
          .string()
          .max(110)
          .regex(TOPIC, 'is no topic, for example job:job_…, email:em_…, owner:7, tenant or *')
          .superRefine((topic, context) => void refuseUnsafe(context, topic)),
      )
      .min(1)
      .max(50)
      .meta({
        description: 'to what its bearer may listen; `["*"]`: to all that you may',
        examples: [['job:job_01m8rf20g6ekd9jbb81k6sxq3w']],
      }),
  })
  .meta({ id: 'TicketRequest' });
export type TicketRequest = z.infer<typeof TicketRequest>;

export const TicketSchema = z
  .strictObject({
    ticket: z.string().meta({ examples: ['mt_ticket_…'] }),
    expiresAt: viewFields.instant,
  })
  .meta({ id: 'Ticket', description: 'Good once, for 60 s.' });
