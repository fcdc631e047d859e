import { z } from 'zod';
import { WAIT_REASONS } from '#domain';
import { deliveryStatus, id, instant } from './fields.schema.js';

const wait = z
  .strictObject({
    reason: z.enum(WAIT_REASONS).meta({
      description:
        '`limit`: as many went as may; `delay`: its campaign goes one by one; `window`: outside the hours to send in; `queued`: its time has come and it waits its turn, or was claimed; `slow_rendering`: its content takes so long to render that others go between; `missed`: until send-now, reschedule or cancel',
    }),
    scope: z
      .string()
      .nullable()
      .meta({
        description:
          'whose it is: the limit, the email or campaign that is paused or slow to render, the provider that is away',
        examples: ['tenant', 'email:em_01k…'],
      }),
    max: z.int().nullable().meta({ description: 'of a limit: so many' }),
    windowSeconds: z.int().nullable().meta({ description: 'in so long' }),
    used: z
      .int()
      .nullable()
      .meta({ description: 'what of it is used: bulk mail leaves a part for transactional mail' }),
    until: instant.nullable().meta({ description: 'until when at least; null: nobody knows' }),
  })
  .meta({ id: 'Wait' });

/** What `explanationView` makes. */
export const ExplanationSchema = z
  .strictObject({
    object: z.literal('explanation'),
    deliveryId: id('delivery'),
    status: deliveryStatus,
    dueAt: instant.meta({ description: 'when its user wanted it' }),
    nextEligibleAt: instant.nullable().meta({
      description: 'from when on it may be sent; past: it waits its turn; null: nobody knows, or it is finished',
    }),
    waitingFor: z.array(wait).meta({ description: 'the binding cause first; empty when it is finished' }),
  })
  .meta({ id: 'Explanation' });
