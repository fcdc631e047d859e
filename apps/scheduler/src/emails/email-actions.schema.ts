import { z } from 'zod';
import { instant } from './fields.js';

/** The body of `POST /v1/emails/{id}/reschedule`. */
export const RescheduleRequest = z
  .strictObject({
    scheduledAt: instant,
    allowPast: z.boolean().optional().meta({ description: 'a time that is past means now instead of an error' }),
  })
  .meta({ id: 'RescheduleRequest' });
export type RescheduleRequest = z.infer<typeof RescheduleRequest>;

/** The body of `POST /v1/emails/{id}/send-now`; it may be left out. */
export const SendNowRequest = z
  .strictObject({ ignoreWindows: z.boolean().default(false) })
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
