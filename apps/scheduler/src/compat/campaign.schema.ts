import { z } from 'zod';
import { splitAddresses } from '#domain';
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
/** Text may name several; one of anything else stands for a list of one. */
const recipients = z.preprocess(
  (value) => (typeof value === 'string' ? splitAddresses(value) : Array.isArray(value) ? value : [value]),
  z.array(recipient).max(MAX_RECIPIENTS, `at most ${MAX_RECIPIENTS} recipients`),
);
const user = z.union([ownerId, z.number().transform(String)]);

const SYNONYMS = [
  ['recipients', 'to', 'recipient'],
  ['userId', 'user_id'],
  ['startTime', 'scheduledAt'],
] as const;

type Recipients = z.infer<typeof recipients> | undefined;

/** Whom a body names, by whichever name. */
export const recipientsOf = (body: { recipients?: Recipients; to?: Recipients; recipient?: Recipients }): Recipients =>
  body.recipients ?? body.to ?? body.recipient;

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
    delaySeconds: z.int().min(0).max(86_400).default(0),
    hourlyLimit: z.int().min(1).max(10_000_000).nullish(),
    recipients: recipients.optional(),
    to: recipients.optional(),
    recipient: recipients.optional(),
  })
  .superRefine((body, context) => {
    for (const names of SYNONYMS) {
      const [first, ...others] = names.filter((name) => body[name] !== undefined);
      if (first === undefined) continue;
      for (const other of others.filter((name) => JSON.stringify(body[name]) !== JSON.stringify(body[first])))
        refuse(context, 'conflict', `${first} and ${other} mean the same thing and say different things`, [other]);
    }
    if (recipientsOf(body) === undefined) refuse(context, 'required', 'is required', ['recipients']);
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
