import { z } from 'zod';
import { IF_PAST, isZone, parseLocal, RECIPIENT, timeOfDay, WEEKDAYS } from '#domain';
import { refuse, refuseUnsafe } from './fields.js';

const MAX_WINDOWS = 14;
const MAX_ZONE = 64;

export const NO_ZONE = 'is no time zone that tzdata knows. Send for example "Europe/Berlin"';

/** The name of a zone; `recipient` too where that makes sense. */
const zoneName = (accepts: (name: string) => boolean, orElse: string) =>
  z
    .string()
    .max(MAX_ZONE)
    .superRefine((name, context) => {
      if (!accepts(name)) refuse(context, 'bad_time_zone', NO_ZONE + orElse);
    });

/** A time zone by its IANA name. */
export const timeZone = zoneName(isZone, '; for a mere offset use scheduledAt.').meta({
  description: 'IANA, for example Europe/Berlin',
  examples: ['Europe/Berlin'],
});

const zoneOrRecipient = zoneName(
  (name) => name === RECIPIENT || isZone(name),
  ', or "recipient" for the zone of whoever receives.',
).meta({ description: 'IANA, or `recipient`: the zone of whoever receives', examples: ['Europe/Berlin'] });

const local = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseLocal(text);
    if (parsed.kind === 'bad') refuse(context, parsed.code, parsed.detail);
  })
  .meta({ description: 'a local date and time, before 2100', examples: ['2027-03-28T02:30'] });

/** When to send, by somebody's clock (interface 3.1). */
export const schedule = z
  .strictObject({
    local,
    timeZone: zoneOrRecipient,
    fallback: timeZone.optional().meta({ description: 'with `recipient`: where no zone is known; default: yours' }),
    ifPast: z.enum(IF_PAST).optional().meta({ description: 'with `recipient`: where it is past already' }),
  })
  .superRefine((wish, context) => {
    if (wish.timeZone === RECIPIENT) return;
    for (const field of ['fallback', 'ifPast'] as const) {
      if (wish[field] !== undefined) refuse(context, 'conflict', 'goes with timeZone "recipient" only', [field]);
    }
  })
  .meta({ id: 'Schedule', description: 'A gap moves it forward by as much; of two such times it is the first.' });

const clock = z
  .string()
  .superRefine((text, context) => {
    if (refuseUnsafe(context, text)) return;
    if (timeOfDay(text) === undefined) refuse(context, 'bad_time', 'is no time of day. Send for example "17:30"');
  })
  .meta({ description: 'by the local clock, HH:MM', examples: ['09:00'] });

const sendWindow = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).min(1, 'at least one day').max(7, 'each day once'),
    from: clock,
    to: clock.meta({ description: 'not in it; before `from`: on the next day; at most 24:00', examples: ['17:30'] }),
    timeZone: zoneOrRecipient,
  })
  .superRefine(({ from, to }, context) => {
    if (from === to) {
      const said = `opens and closes at ${from}: it is never open. For the whole day send "00:00" to "24:00"`;
      refuse(context, 'no_common_window', said, ['to']);
    } else if (from === '24:00') refuse(context, 'bad_time', 'the day is over at 24:00; send "00:00"', ['from']);
  })
  .meta({ id: 'Window' });

/** When may be sent; outside, the next opening is waited for (interface 3.3). */
export const windows = z
  .array(sendWindow)
  .max(MAX_WINDOWS, `at most ${MAX_WINDOWS} windows`)
  .meta({ description: 'when may be sent; outside, the next opening is waited for; none: always' });
