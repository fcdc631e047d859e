import { z } from 'zod';
import { LANES, MODES, PHASES } from '#domain';
import { count, deliveryStatus, id, instant, mailbox, planned } from './fields.schema.js';

const reply = z
  .strictObject({ code: z.int(), enhanced: z.string().nullable(), text: z.string().nullable() })
  .meta({ id: 'Reply', description: 'What the server said: reply code (RFC 5321), enhanced code (RFC 3463), text.' });

const milliseconds = count.nullable();

const attempt = z
  .strictObject({
    attempt: count,
    epoch: count,
    providerId: id('provider').nullable(),
    startedAt: instant,
    phase: z.enum(PHASES).meta({ description: 'how far it came; from `dot_released` on the server may have accepted' }),
    outcome: z.enum(['accepted', 'temporary', 'permanent', 'unknown', 'provider_fault', 'withheld']),
    reply: reply.nullable(),
    error: z.string().nullable(),
    connectMs: milliseconds,
    envelopeMs: milliseconds,
    armMs: milliseconds,
    replyMs: milliseconds,
  })
  .meta({ id: 'Attempt' });

const opens = z.strictObject({ human: count, machine: count, unknown: count });

/** What `deliveryView` makes. */
export const DeliverySchema = z
  .strictObject({
    object: z.literal('delivery'),
    id: id('delivery'),
    emailId: id('email'),
    jobId: id('job').nullable().meta({ description: 'the batch its email came in' }),
    to: mailbox,
    status: deliveryStatus,
    lane: z.enum(LANES),
    mode: z.enum(MODES),
    attempt: count.meta({ description: 'attempts made so far' }),
    epoch: count.meta({ description: 'rises with every claim, edit and cancel; what bears an old one is void' }),
    possibleDuplicate: z.boolean().meta({ description: 'it was sent once more after an attempt of unknown end' }),
    dueAt: instant.meta({ description: 'when its user wanted it' }),
    nextAttemptAt: instant.nullable().meta({ description: 'of what waits to be tried again' }),
    armedAt: instant.nullable().meta({ description: 'when the gate let the last attempt be accepted' }),
    holdUntil: instant.nullable().meta({ description: 'its last attempt has no known end; then it is sent once more' }),
    finishedAt: instant.nullable(),
    lateMs: milliseconds.meta({ description: 'first claim minus the time it was wanted' }),
    providerId: id('provider').nullable(),
    messageId: z.string(),
    reason: z.string().nullable().meta({ description: 'why it ended as it did' }),
    reply: reply.nullable(),
    feedback: planned(
      z.strictObject({
        state: z.enum(['none', 'delayed', 'delivered', 'bounced', 'complained']),
        deliveredAt: instant.nullable(),
        bouncedAt: instant.nullable(),
        complainedAt: instant.nullable(),
        unsubscribedAt: instant.nullable(),
        opens,
        clicks: opens,
      }),
    ),
    attempts: z.array(attempt),
    createdAt: instant,
    version: z.int().positive(),
  })
  .meta({ id: 'Delivery' });
