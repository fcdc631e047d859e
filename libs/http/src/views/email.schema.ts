import { z } from 'zod';
import {
  CAMPAIGN_STATUSES,
  EMAIL_CLASSES,
  EMAIL_KINDS,
  IF_PAST,
  MISSED_POLICIES,
  MODES,
  UNKNOWN_POLICIES,
  VISIBILITIES,
} from '#domain';
import { count, deliveryStatus, id, instant, mailbox, planned, window } from './fields.schema.js';

export const deliveryCounts = z
  .strictObject({
    total: count,
    scheduled: count,
    queued: count,
    sending: count,
    sent: count,
    failed: count,
    unknown: count,
    cancelled: count,
    expired: count,
    suppressed: count,
  })
  .meta({ id: 'Counts', description: 'Deliveries by state; the nine states sum to the total.' });

const attachment = z
  .strictObject({
    filename: z.string(),
    contentType: z.string(),
    contentId: z.string().nullable().meta({ description: 'what `cid:` in the html names' }),
    sizeBytes: count,
  })
  .meta({ id: 'Attachment', description: 'Its bytes are never answered.' });

const schedule = z
  .strictObject({
    local: z.string(),
    timeZone: z.string().meta({ description: 'IANA, or `recipient`' }),
    fallback: z.string().nullable(),
    ifPast: z.enum(IF_PAST).nullable(),
  })
  .meta({ id: 'EmailSchedule', description: 'A local time; `scheduledAt` is its instant.' });

export const emailFields = {
  object: z.literal('email'),
  id: id('email'),
  kind: z.enum(EMAIL_KINDS),
  class: z.enum(EMAIL_CLASSES),
  mode: z.enum(MODES).meta({ description: 'test mail never leaves the sandbox' }),
  status: z.enum([...new Set([...deliveryStatus.options, 'paused', 'partial', ...CAMPAIGN_STATUSES] as const)]).meta({
    description:
      'of a single email: the state of its copies; partial: some were sent, none will follow; of the other kinds: that of their job',
  }),
  version: z.int().positive().meta({ description: 'counts changes of intent (edit, cancel), not progress: the ETag' }),
  from: mailbox,
  to: z.array(mailbox),
  cc: z.array(mailbox),
  bcc: z.array(mailbox),
  replyTo: z.array(mailbox),
  subject: z.string(),
  text: z.string().nullable(),
  html: z.string().nullable(),
  template: planned(z.null()),
  attachments: z.array(attachment),
  headers: z.record(z.string(), z.string()),
  scheduledAt: instant,
  schedule: schedule.nullable().meta({ description: 'as it was wished; null: as an instant' }),
  expiresAt: instant.nullable().meta({ description: 'nothing is sent from then on, whatever the cause' }),
  graceSeconds: count.meta({ description: 'how late it may be sent when only we were away' }),
  retryForSeconds: count.meta({ description: 'how long temporary failures are tried again' }),
  onMissed: z.enum(MISSED_POLICIES).meta({ description: 'what happens when it is later than that' }),
  onUnknown: z.enum(UNKNOWN_POLICIES).meta({ description: 'when the reply to the final dot never came' }),
  visibility: z.enum(VISIBILITIES),
  windows: z.array(window).meta({ description: 'when may be sent, besides those of the settings' }),
  ownerId: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  correlationKey: z.string().nullable(),
  jobId: id('job').nullable().meta({ description: 'the batch it came in' }),
  campaignId: id('campaign').nullable().meta({ description: 'the campaign that it is of' }),
  triggerId: planned(z.string().nullable()),
  messageId: z.string().nullable().meta({ description: 'null where each copy has its own' }),
  counts: deliveryCounts,
  feedback: planned(
    z.strictObject({
      delivered: count,
      bounced: count,
      complained: count,
      opened: count,
      clicked: count,
      unsubscribed: count,
    }),
  ),
  deliveries: z
    .array(z.strictObject({ id: id('delivery'), to: mailbox, status: deliveryStatus }))
    .max(50)
    .meta({ description: 'its copies, one per recipient' }),
  createdAt: instant,
  updatedAt: instant,
};

/** What `emailView` makes. */
export const EmailSchema = z.strictObject(emailFields).meta({ id: 'Email' });

const { text: _text, html: _html, ...listFields } = emailFields;

/** What `emailListItem` makes. */
export const EmailListItemSchema = z.strictObject(listFields).meta({ id: 'EmailListItem' });

export const cancellationField = z.strictObject({
  cancelled: count,
  alreadySent: count,
  inFlight: count.meta({ description: 'copies at a server now: nobody can call them back' }),
  final: z.boolean().meta({ description: 'false: an event `email.cancelled` follows when nothing is in flight' }),
});

/** What `cancelledEmailView` makes. */
export const CancelledEmailSchema = z
  .strictObject({
    ...emailFields,
    cancellation: cancellationField,
  })
  .meta({ id: 'CancelledEmail' });
