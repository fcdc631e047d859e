import { z } from 'zod';
import { viewFields } from '#http';

const { count, id, instant, mailbox, planned } = viewFields;

const envelope = {
  object: z.literal('sandbox_message'),
  id: id('sandbox_message'),
  deliveryId: id('delivery').nullable().meta({ description: 'null: no mail of ours' }),
  emailId: id('email').nullable(),
  jobId: id('job').nullable(),
  from: mailbox,
  to: z.string().meta({ description: 'who got it: one message for each recipient' }),
  receivedAt: instant,
  subject: z.string().nullable(),
  sizeBytes: count,
  script: z
    .string()
    .nullable()
    .meta({ description: 'what the recipient’s address told the server to do', examples: ['soft'] }),
};

const attachment = z.strictObject({
  filename: z.string().nullable(),
  contentType: z.string(),
  contentId: z.string().nullable(),
  sizeBytes: count,
});

/** What `envelopeView` makes. */
export const EnvelopeSchema = z.strictObject(envelope).meta({ id: 'SandboxEnvelope' });

/** What `messageView` makes. */
export const MessageSchema = z
  .strictObject({
    ...envelope,
    text: z.string().nullable(),
    html: z.string().nullable(),
    headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    attachments: z.array(attachment).meta({ description: 'their bytes are at `.../attachments/{n}`, n from 0' }),
    findings: planned(z.array(z.never())),
  })
  .meta({ id: 'SandboxMessage' });

/** A message in a list; with `fields=envelope` what a message has without being opened. */
export const ListedMessageSchema = z.union([MessageSchema, EnvelopeSchema]);

/** What `statsView` makes. */
export const SandboxStatsSchema = z
  .strictObject({
    accepted: count,
    refused: count,
    dropped: count.meta({ description: 'connections that a script cut' }),
    distinctDeliveries: count,
    duplicates: count.meta({ description: 'accepted beyond the first of a delivery' }),
  })
  .meta({ id: 'SandboxStats' });

export const DeletedSchema = z.strictObject({ deleted: count }).meta({ id: 'DeletedMessages' });
