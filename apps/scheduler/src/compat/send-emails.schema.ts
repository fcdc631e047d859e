import { z } from 'zod';

import { ownerId, refuse } from '../emails/fields.js';
import { loadTestCount } from '../load-tests/load-test.schema.js';

const userId = z.union([ownerId, z.number().transform(String)]);

/** `POST /email/send-emails`: unknown fields are ignored, two names mean one user (interface 6, S4). */
export const SendEmailsRequest = z
  .object({ userId: userId.optional(), user_id: userId.optional(), numberOfEmails: loadTestCount })
  .superRefine((body, context) => {
    const { userId: one, user_id: other } = body;
    if (one === undefined && other === undefined) refuse(context, 'required', 'is required', ['userId']);
    if (one !== undefined && other !== undefined && one !== other) {
      refuse(context, 'conflict', 'userId and user_id mean the same thing and say different things', ['user_id']);
    }
  })
  .transform(({ userId: one, user_id: other, numberOfEmails: count }) => ({ ownerId: one ?? other ?? '', count }))
  .meta({ id: 'SendEmailsRequest' });
export type SendEmailsRequest = z.infer<typeof SendEmailsRequest>;
