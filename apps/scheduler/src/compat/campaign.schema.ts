import { z } from 'zod';
import { bodyText, instant, ownerId, refuse, refuseUnsafe, subject } from '../emails/fields.js';

/** Another system's campaigns: unknown fields are ignored, several names mean one thing (interface 6, S1). */

const MAX_RECIPIENTS = 10_000;

const safeText = z.string().superRefine((text, context) => {
  refuseUnsafe(context, text);
});
const recipient = z.union([
  safeText,
  z
    .object({
      email: safeText.optional(),
      address: safeText.optional(),
      email_id: safeText.optional(),
      to: safeText.optional(),
    })
    .transform(({ email, address, email_id: emailId, to }) => email ?? address ?? emailId ?? to ?? ''),
]);
const user = z.union([ownerId, z.number().transform(String)]);

/** The body of `POST /api/v1/email/campaign`. */
export const SeedCampaignRequest = z
  .object({
    userId: user.optional(),
    user_id: user.optional(),
    subject,
    body: bodyText,
    isHtml: z.boolean().optional(),
    startTime: instant.optional(),
    scheduledAt: instant.optional(),
    delaySeconds: z.int('must be whole seconds').min(0).max(86_400).default(0),
    hourlyLimit: z.int('must be a whole number').min(1).max(10_000_000).nullish(),
    recipients: z.array(recipient).max(MAX_RECIPIENTS, `at most ${MAX_RECIPIENTS} recipients`),
  })
  .superRefine((body, context) => {
    for (const [one, other] of [['userId', 'user_id'] as const, ['startTime', 'scheduledAt'] as const]) {
      if (body[one] !== undefined && body[other] !== undefined && body[one] !== body[other])
        refuse(context, 'conflict', `${one} and ${other} mean the same thing and say different things`, [other]);
    }
    if (body.body.trim() === '') refuse(context, 'required', 'is required', ['body']);
  })
  .meta({ id: 'SeedCampaignRequest' });
export type SeedCampaignRequest = z.infer<typeof SeedCampaignRequest>;

/** What it answers. */
export const SeedCampaignSchema = z
  .strictObject({
    campaignId: z.string(),
    jobId: z.string(),
    total: z.int().nonnegative(),
    status: z.string().meta({ examples: ['scheduled'] }),
  })
  .meta({ id: 'SeedCampaign' });
