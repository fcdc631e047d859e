import { z } from 'zod';
import { deliveryId, emailId, instant, jobId, ownerId, providerId } from '../ids.js';

const deliveryStatus = z.enum([
  'scheduled',
  'queued',
  'sending',
  'sent',
  'failed',
  'unknown',
  'cancelled',
  'expired',
  'suppressed',
]);

/** What every event about a delivery says. No address, no subject, no text of a reply: ids and facts only. */
export const deliveryFact = {
  deliveryId,
  emailId,
  jobId,
  ownerId,
  from: deliveryStatus.meta({ description: 'The state before' }),
  attempt: z.int().nonnegative().meta({ description: 'Attempts made so far' }),
  epoch: z.int().nonnegative(),
  providerId: providerId.nullable(),
  domainGroup: z.string().meta({ description: "The recipient's domain, or gmail, yahoo, microsoft, icloud" }),
  reply: z
    .strictObject({ code: z.int(), enhanced: z.string().nullable() })
    .nullable()
    .meta({ description: "The server's reply code (RFC 5321) and enhanced status code (RFC 3463)" }),
  reason: z.string().nullable(),
  lateMs: z.int().nonnegative().nullable().meta({ description: 'First claim minus the instant it became eligible' }),
  possibleDuplicate: z.boolean(),
  at: instant,
} as const;
