import { z } from 'zod';

const publicId = (prefix: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`))
    .meta({ description: what });

export const emailId = publicId('em', 'The email');
export const deliveryId = publicId('dl', "One recipient's copy of the email");
export const deadLetterId = publicId('dlt', 'The dead letter');
export const providerId = publicId('prv', 'The provider that made the attempt');
export const jobId = publicId('job', 'The job that the email belongs to').nullable();
export const ownerId = z.string().nullable().meta({ description: "The caller's own name for whom this email is" });
export const instant = z.iso
  .datetime()
  .meta({ description: 'RFC 3339, UTC, milliseconds, by the clock of the database' });
