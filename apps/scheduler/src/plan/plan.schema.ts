import { z } from 'zod';
import { ExplanationSchema, viewFields } from '#http';
import { MOST_RUNS } from './planned-runs.js';

const { count, instant } = viewFields;

const MOST_ITEMS = 1_000;

/** The query of plans. */
export const PlanQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number from 1 to 1000')
    .transform(Number)
    .refine((value) => value >= 1 && value <= MOST_ITEMS, {
      error: `must be from 1 to ${MOST_ITEMS}`,
      params: { code: 'out_of_range' },
    })
    .default(100)
    .meta({ description: 'how many items, 1 to 1000', default: '100' }),
});
export type PlanQuery = z.infer<typeof PlanQuery>;

/** What `planView` makes (interface 3.3). */
export const PlanSchema = z
  .strictObject({
    object: z.literal('plan'),
    total: count.meta({ description: 'recipients, each once' }),
    firstAt: instant.nullable().meta({ description: 'null: nobody is sent to' }),
    lastAt: instant.nullable().meta({ description: 'null: nobody is sent to, or not everybody before the year 2100' }),
    suppressed: count.meta({ description: 'of them: who gets nothing; they are in no bucket' }),
    skipped: count.meta({
      description: 'of them: whose local time has passed, with `ifPast: skip`; they are in no bucket',
    }),
    merged: count.meta({ description: 'recipients that came twice' }),
    badTimeZones: count.meta({
      description: 'recipients whose time zone is none: the next in the chain counts for them',
    }),
    nextRuns: z.array(instant).max(MOST_RUNS).meta({
      description:
        'of a campaign that repeats, unless they are left out: the first of them is the one that is planned here',
    }),
    rejected: z
      .array(z.strictObject({ row: z.int(), value: z.string(), code: z.string() }))
      .meta({ description: 'rows that nobody can be mailed by, the first of them' }),
    limitsLeftOut: z.array(z.string()).meta({
      description:
        'limits of domains and contacts, the first 20: they may hold single recipients of a campaign longer than planned',
      examples: [['contact', 'domain:gmail']],
    }),
    bucketSeconds: count.meta({ description: 'how long a bucket is: an hour; of a plan of many weeks more' }),
    buckets: z.array(z.strictObject({ from: instant, to: instant, count })).meta({
      description: 'how many by the hour (UTC), or by so many as `bucketSeconds` has; those without any are left out',
    }),
    items: z
      .array(z.strictObject({ to: z.string(), at: instant, waitingFor: ExplanationSchema.shape.waitingFor }))
      .meta({ description: 'the first ones, and what they wait for until then' }),
  })
  .meta({ id: 'Plan' });
