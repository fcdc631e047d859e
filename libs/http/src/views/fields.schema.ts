import { z } from 'zod';
import { DELIVERY_STATUSES, ID_PREFIXES, type IdName, publicId, WEEKDAYS } from '#domain';

/** Pieces of answers. They describe what we send; nothing is parsed with them but our own views, in specs. */

const EXAMPLE = '0193e0f0-0406-7333-a4b5-6e8043366e78';

export const id = (name: IdName) =>
  z
    .string()
    .regex(new RegExp(`^${ID_PREFIXES[name]}_[0-9a-hjkmnp-tv-z]{26}$`))
    .meta({ examples: [publicId(name, EXAMPLE)] });

export const instant = z.iso
  .datetime()
  .meta({ description: 'UTC, milliseconds', examples: ['2027-01-05T09:00:00.000Z'] });

export const mailbox = z
  .string()
  .meta({ description: '`a@b.c` or `Name <a@b.c>`', examples: ['Ada <ada@example.com>'] });

export const count = z.int().nonnegative();

export const deliveryStatus = z.enum(DELIVERY_STATUSES);

/** Of a feature to come: always empty today. */
export const planned = <T extends z.ZodType>(schema: T) => schema.meta({ description: 'planned; empty until then' });

/** When may be sent. */
export const window = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)),
    from: z.string(),
    to: z.string(),
    timeZone: z.string().meta({ description: 'IANA, or `recipient`' }),
  })
  .meta({ id: 'EmailWindow' });
