import { z } from 'zod';
import { CAMPAIGN_STATUSES } from '#domain';
import { EmailPatch, EmailRequest, oneOrMore, pageFields } from '../emails/email.schema.js';
import { line, ownerId, refuseUnsafe } from '../emails/fields.js';
import { repeat, repeatPatch } from './repeat.schema.js';

export const MAX_INLINE = 10_000;
const MAX_DELAY = 86_400;
const MAX_HOURLY = 10_000_000;
const MAX_WEIGHT = 100;

const name = line(200, 'the name').meta({ description: 'your own name for it' });

/** What could harm whoever reads it is refused; who merely cannot be mailed is reported, and stops nobody. */
const safeText = z.string().superRefine((text, context) => {
  refuseUnsafe(context, text);
});

/** One recipient as text, or with a name, a zone and data of its own. */
const recipient = z.union([
  safeText,
  z.strictObject({
    to: safeText,
    name: safeText.nullish(),
    timeZone: safeText.nullish(),
    data: z.record(z.string(), z.unknown()).nullish().meta({ description: 'what placeholders show of it' }),
  }),
]);
export type RecipientRequest = z.infer<typeof recipient>;

const recipients = z
  .array(recipient)
  .max(MAX_INLINE, `at most ${MAX_INLINE} recipients here; upload more to /v1/campaigns/{id}/recipients`)
  .meta({ description: 'addresses, or {to, name, timeZone, data}; each address gets one copy' });

const delaySeconds = z.int().min(0).max(MAX_DELAY);
const hourlyLimit = z.int().min(1).max(MAX_HOURLY).nullable();
const spread = z.enum(['even', 'burst']);
const weight = z.int().min(1).max(MAX_WEIGHT);

const pacing = z
  .strictObject({
    delaySeconds: delaySeconds.default(0).meta({ description: 'at least so long between two recipients' }),
    hourlyLimit: hourlyLimit.default(null).meta({ description: 'at most so many in any hour' }),
    spread: spread.default('even').meta({ description: 'over the hour, or as soon as it has room' }),
    weight: weight.default(1).meta({ description: 'its part of what campaigns share' }),
  })
  .meta({ id: 'Pacing' });

const pacingPatch = z.strictObject({
  delaySeconds: delaySeconds.nullish(),
  hourlyLimit: hourlyLimit.optional(),
  spread: spread.nullish(),
  weight: weight.nullish(),
});

const {
  to: _to,
  cc: _cc,
  bcc: _bcc,
  class: _class,
  visibility: _visibility,
  data: _data,
  ...content
} = EmailRequest.shape;

/** The body of `POST /v1/campaigns` (interface 3.3). */
export const CampaignRequest = z
  .strictObject({
    ...content,
    class: z.literal('bulk').optional(),
    visibility: z.literal('individual').optional(),
    name: name.optional(),
    recipients: recipients.optional().meta({ description: 'left out: a draft, to upload recipients to' }),
    draft: z.boolean().optional().meta({ description: 'do not start by itself; default: false' }),
    pacing: pacing.optional(),
    repeat: repeat
      .optional()
      .meta({ description: 'each run is a campaign of its own with this one as its `parentId`' }),
  })
  .meta({ id: 'CampaignRequest' });
export type CampaignRequest = z.infer<typeof CampaignRequest>;

const {
  to: _patchTo,
  cc: _patchCc,
  bcc: _patchBcc,
  visibility: _patchVisibility,
  render: _patchRender,
  data: _patchData,
  ...contentPatch
} = EmailPatch.shape;

/** The body of `PATCH /v1/campaigns/{id}`: a merge patch (RFC 7396); null takes the default again. */
export const CampaignPatch = z
  .strictObject({
    ...contentPatch,
    name: name.nullish(),
    pacing: pacingPatch.nullish(),
    repeat: repeatPatch.nullish(),
  })
  .meta({ id: 'CampaignPatch' });
export type CampaignPatch = z.infer<typeof CampaignPatch>;

/** The query of `GET /v1/campaigns`. */
export const CampaignQuery = z.strictObject({
  status: oneOrMore(z.enum(CAMPAIGN_STATUSES)).optional().meta({ description: 'as last noted, at most a second ago' }),
  ownerId: ownerId.optional(),
  ...pageFields,
});
export type CampaignQuery = z.infer<typeof CampaignQuery>;
