import { z } from 'zod';
import { OVERLAPS, parseRepeatRule, type RepeatWish } from '#domain';
import { instant, refuse } from '../emails/fields.js';

const rule = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseRepeatRule(text);
    if (parsed.kind === 'bad') refuse(context, 'bad_format', parsed.detail);
  })
  .meta({
    description: 'RFC 5545: DAILY, WEEKLY or MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, COUNT',
    examples: ['FREQ=WEEKLY;BYDAY=MO'],
  });
const until = instant.nullish().meta({ description: 'no run is after it; null: no end' });
const overlap = z.enum(OVERLAPS);

/** How a campaign repeats (interface 3.3). */
export const repeat = z
  .strictObject({
    rule,
    until,
    overlap: overlap
      .default('skip')
      .meta({ description: 'a run that is due while the one before goes on: left out, or made when that has ended' }),
  })
  .meta({ id: 'Repeat' });

/** What of it changes; null takes the default again. */
export const repeatPatch = z.strictObject({ rule: rule.optional(), until, overlap: overlap.nullish() });

/** As it is stored and shown. */
export const storedRepeat = ({ rule: text, until: end, overlap: over }: z.infer<typeof repeat>): RepeatWish => ({
  rule: text,
  until: storedUntil(end),
  overlap: over,
});

export const storedUntil = (end: number | null | undefined): string | null =>
  typeof end === 'number' ? new Date(end).toISOString() : null;
