import { z } from 'zod';
import { DeadLetterListItemSchema, viewFields } from '#http';
import { DEAD_LETTER_KINDS, DEAD_LETTER_STATUSES } from '#storage';
import { idFilter } from '../deliveries/delivery.schema.js';
import { oneOrMore, pageFields } from '../emails/email.schema.js';
import { instant, line } from '../emails/fields.js';

const MAX_IDS = 1_000;

const filters = {
  kind: oneOrMore(z.enum(DEAD_LETTER_KINDS)).optional(),
  reason: oneOrMore(line(100, 'a reason')).optional(),
  status: oneOrMore(z.enum(DEAD_LETTER_STATUSES)).optional(),
  jobId: idFilter('job').optional(),
  emailId: idFilter('email').optional(),
  from: instant.optional().meta({ description: 'put aside then or later' }),
  to: instant.optional().meta({ description: 'put aside before' }),
};

/** The query of `GET /v1/dead-letters` (interface 3.6). */
export const DeadLetterQuery = z.strictObject({ ...filters, ...pageFields });
export type DeadLetterQuery = z.infer<typeof DeadLetterQuery>;

/** The body of `POST /v1/dead-letters/{id}/discard`. */
export const Discard = z
  .strictObject({ reason: line(200, 'the reason').meta({ description: 'why, for people; 1 to 200 characters' }) })
  .meta({ id: 'Discard' });
export type Discard = z.infer<typeof Discard>;

/** Which dead letters: the filters of the list, or all; never none by accident. Without `status` only open ones. */
const filter = z
  .strictObject({
    ...filters,
    all: z.literal(true).optional().meta({ description: 'every open one; stands alone' }),
  })
  .superRefine(({ all, ...others }, context) => {
    const count = Object.values(others).filter((value) => value !== undefined).length;
    const refuse = (code: 'conflict' | 'required', message: string) =>
      context.addIssue({ code: 'custom', message, params: { code } });
    if (all && count > 0) refuse('conflict', '"all" stands alone; leave the other filters or leave it');
    if (!all && count === 0) refuse('required', 'at least one filter, or {"all":true} for every open dead letter');
  })
  .meta({
    id: 'DeadLetterFilter',
    description: 'The filters of `GET /v1/dead-letters`, at least one, or `{"all":true}`. Without `status`: open ones.',
  });

/** The body of `POST /v1/dead-letters/redrive`. */
export const RedriveRequest = z
  .strictObject({
    ids: z
      .array(idFilter('dead_letter'))
      .min(1, 'at least one id')
      .max(MAX_IDS, `at most ${MAX_IDS} ids; use a filter for more`)
      .optional(),
    filter: filter.optional(),
    dryRun: z.boolean().default(true).meta({ description: 'default: nothing is sent', default: true }),
  })
  .superRefine(({ ids, filter: wanted }, context) => {
    if ((ids === undefined) !== (wanted === undefined)) return;
    const code = ids === undefined ? 'required' : 'conflict';
    const message = 'say which ones: either ids or filter';
    context.addIssue({ code: 'custom', path: ['filter'], message, params: { code } });
  })
  .meta({ id: 'RedriveRequest' });
export type RedriveRequest = z.infer<typeof RedriveRequest>;

/** Why a dead letter is not sent again. */
export const REDRIVE_REFUSALS = [
  'not_found',
  'discarded',
  'redriven',
  'not_a_delivery',
  'delivery_gone',
  'not_ended',
  'already_sent',
  'cancelled',
  'suppressed',
  'email_cancelled',
  'expires_at_passed',
  'outcome_unknown',
] as const;
export type RedriveRefusal = (typeof REDRIVE_REFUSALS)[number];

/** The answer of a dry run. */
export const RedrivePreviewSchema = z
  .strictObject({
    matched: viewFields.count.meta({ description: 'dead letters that are meant, blocked ones included' }),
    byReason: z.record(z.string(), viewFields.count),
    blocked: z
      .array(z.strictObject({ id: viewFields.id('dead_letter'), why: z.enum(REDRIVE_REFUSALS) }))
      .meta({ description: 'what would be left as it is, among the newest 1,000; at most 100 are named' }),
    sample: z.array(DeadLetterListItemSchema).max(10).meta({ description: 'the newest of them' }),
  })
  .meta({ id: 'RedrivePreview' });
