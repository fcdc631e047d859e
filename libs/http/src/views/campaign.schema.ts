import { z } from 'zod';
import { CAMPAIGN_STATUSES, OVERLAPS } from '#domain';
import { cancellationField, emailFields } from './email.schema.js';
import { count, id, instant } from './fields.schema.js';

const { to: _to, cc: _cc, bcc: _bcc, deliveries: _deliveries, ...ofEmail } = emailFields;

const fields = {
  ...ofEmail,
  object: z.literal('campaign'),
  id: id('campaign'),
  status: z.enum(CAMPAIGN_STATUSES).meta({ description: 'the last three are final' }),
  name: z.string().nullable(),
  pacing: z.strictObject({
    delaySeconds: count.meta({ description: 'at least so long between two recipients' }),
    hourlyLimit: z.int().positive().nullable().meta({ description: 'at most so many in any hour' }),
    spread: z.enum(['even', 'burst']),
    weight: z.int().positive().meta({ description: 'its part of what campaigns share' }),
  }),
  repeat: z
    .strictObject({ rule: z.string(), until: instant.nullable(), overlap: z.enum(OVERLAPS) })
    .nullable()
    .meta({ description: 'it goes out as runs, campaigns of their own; of a run: null' }),
  parentId: id('campaign').nullable().meta({ description: 'the campaign of which this is one run' }),
  expanding: z.boolean().meta({ description: 'while true, `counts.total` grows' }),
  merged: count.meta({ description: 'recipients that were there already' }),
  rejected: count.meta({ description: 'rows that nobody can be mailed by: `/rejected` lists them' }),
  badTimeZones: count.meta({
    description: 'recipients whose time zone is none: the next in the chain counts for them',
  }),
  nextSendAt: instant.nullable(),
};

/** What `campaignView` makes. */
export const CampaignSchema = z.strictObject(fields).meta({ id: 'Campaign' });

const { text: _text, html: _html, ...listFields } = fields;

/** What `campaignListItem` makes. */
export const CampaignListItemSchema = z.strictObject(listFields).meta({ id: 'CampaignListItem' });

/** What `cancelledCampaignView` makes. */
export const CancelledCampaignSchema = z
  .strictObject({ ...fields, cancellation: cancellationField })
  .meta({ id: 'CancelledCampaign' });
