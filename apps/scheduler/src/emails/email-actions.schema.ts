import { z } from 'zod';
import { instant, refuse } from './fields.js';
import { schedule } from './time.schema.js';

/** The body of `POST /v1/emails/{id}/reschedule`. */
export const RescheduleRequest = z
  .strictObject({
    scheduledAt: instant.optional(),
    schedule: schedule.optional().meta({ description: 'instead of scheduledAt: a local time' }),
    allowPast: z.boolean().optional().meta({ description: 'a time that is past means now instead of an error' }),
  })
  .superRefine(({ scheduledAt, schedule: wish }, context) => {
    if (scheduledAt === undefined && wish === undefined)
      refuse(context, 'required', 'is required, or schedule', ['scheduledAt']);
  })
  .meta({ id: 'RescheduleRequest' });
export type RescheduleRequest = z.infer<typeof RescheduleRequest>;

/** The body of `POST /v1/emails/{id}/send-now`; it may be left out. */
export const SendNowRequest = z
  .strictObject({ ignoreWindows: z.boolean().default(false).meta({ description: 'also while its windows are shut' }) })
  .meta({ id: 'SendNowRequest' })
  .prefault({});
export type SendNowRequest = z.infer<typeof SendNowRequest>;

/** The query of `POST .../cancel`, of an email and of a delivery. */
export const CancelQuery = z.strictObject({
  wait: z
    .string()
    .regex(/^(10|\d)$/, 'must be whole seconds from 0 to 10')
    .transform(Number)
    .default(0)
    .meta({ description: 'seconds to wait for copies in flight', default: '0' }),
});
export type CancelQuery = z.infer<typeof CancelQuery>;
