import { z } from 'zod';
import { EmailSchema } from '#http';

const email = EmailSchema.shape;

/** What `scheduledView` makes: an email under the names of the first system. */
export const ScheduledSchema = z
  .strictObject({
    id: email.id,
    recipients: email.to,
    subject: email.subject,
    body: z.string().nullable(),
    deliveryTime: email.scheduledAt,
    scheduledAt: email.scheduledAt,
    status: email.status,
    total: email.counts.shape.total,
    createdAt: email.createdAt,
    updatedAt: email.updatedAt,
  })
  .meta({ id: 'ScheduledEmail' });
