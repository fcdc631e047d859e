import { z } from 'zod';
import { deliveryCounts } from '../views/email.schema.js';
import { count, instant, planned } from '../views/fields.schema.js';

const HOURS = 24;

/** What `queueView` makes. */
export const QueueSchema = z
  .strictObject({
    object: z.literal('queue'),
    scheduled: count.meta({
      description: 'in line: waiting for their time, or their turn; without what is paused or missed',
    }),
    due: count.meta({ description: 'of them: their time has come' }),
    oldestDueAgeSeconds: count
      .nullable()
      .meta({ description: 'how long the first of those has waited; null: none is due' }),
    queued: count.meta({ description: 'claimed; exact' }),
    sending: count.meta({ description: 'at a server, or on hold because nobody knows; exact' }),
    retrying: count.meta({ description: 'of the first 10,000 in line: tried before' }),
    nextDueAt: instant
      .nullable()
      .meta({ description: 'when the next one comes due; null: none is waiting for its time' }),
    perHour: z
      .array(count)
      .length(HOURS)
      .meta({ description: 'how many come due in each of the next 24 hours, from now on' }),
  })
  .meta({
    id: 'Queue',
    description:
      'At most a second old; of a long queue at most ten times as old as its counting took. `scheduled`, `due` and each hour are counted up to 10,000: that number means so many or more.',
  });

const kinds = planned(z.strictObject({ human: count, machine: count, unknown: count }));
const rate = planned(z.number().nullable());

/** What `emailStatsView` makes. */
export const EmailStatsSchema = z
  .strictObject({
    object: z.literal('email_stats'),
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
    opens: kinds,
    clicks: kinds,
    rates: z.strictObject({ delivered: rate, bounced: rate, complained: rate }),
    checkedAt: instant.meta({ description: 'when this was counted' }),
  })
  .meta({ id: 'EmailStats' });
