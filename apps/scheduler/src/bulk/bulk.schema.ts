import { z } from 'zod';
import { EmailPatch, EmailQuery } from '../emails/email.schema.js';

export const BULK_ACTIONS = ['cancel', 'pause', 'resume', 'send_now', 'update'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Which emails: the filters of `GET /v1/emails`, or all of them; never none by accident. */
const filter = EmailQuery.omit({ limit: true, after: true, before: true })
  .extend({ all: z.literal(true).optional().meta({ description: 'every email; stands alone' }) })
  .superRefine(({ all, ...others }, context) => {
    const count = Object.values(others).filter((value) => value !== undefined).length;
    if (all && count > 0) refuse(context, 'conflict', '"all" stands alone; leave the other filters or leave it');
    if (!all && count === 0) refuse(context, 'required', 'at least one filter, or {"all":true} for every email');
  })
  .meta({ id: 'BulkFilter', description: 'The filters of `GET /v1/emails`, at least one, or `{"all":true}`.' });

const refuse = (context: z.RefinementCtx, code: 'conflict' | 'required', message: string): void =>
  context.addIssue({ code: 'custom', message, params: { code } });

/** What `update` may change: what needs no look at the email before. */
export const BulkPatch = EmailPatch.pick({
  scheduledAt: true,
  schedule: true,
  allowPast: true,
  graceSeconds: true,
  onMissed: true,
  expiresAt: true,
  tags: true,
  subject: true,
  text: true,
  html: true,
}).meta({
  id: 'BulkPatch',
});
export type BulkPatch = z.infer<typeof BulkPatch>;

/** The body of `POST /v1/emails/bulk`. */
export const BulkRequest = z
  .strictObject({
    action: z.enum(BULK_ACTIONS),
    filter,
    patch: BulkPatch.optional().meta({ description: 'only, and always, with `update`' }),
    dryRun: z.boolean().default(true).meta({ description: 'default: nothing is changed', default: true }),
  })
  .superRefine(({ action, patch }, context) => {
    const isEmpty = Object.values(patch ?? {}).every((value) => value === undefined);
    const said = (code: 'required' | 'conflict', message: string, path = ['patch']) =>
      context.addIssue({ code: 'custom', path, message, params: { code } });
    if (action === 'update' && isEmpty) said('required', 'update needs a patch that says what to change');
    if (action !== 'update' && !isEmpty) said('conflict', `${action} takes no patch; only update does`);
    if (patch?.text === null && patch.html === null) said('required', 'text or html is needed', ['patch', 'text']);
  })
  .meta({ id: 'BulkRequest' });
export type BulkRequest = z.infer<typeof BulkRequest>;
export type BulkFilter = BulkRequest['filter'];
