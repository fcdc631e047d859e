import { z } from 'zod';
import { refuse, refuseUnsafe } from './fields.js';
import { textRecord } from './text-record.js';

export const MAX_TAGS = 10;
const MAX_VALUE = 200;
const NAME = /^[a-z0-9_-]{1,40}$/;

function checkTags(tags: Readonly<Record<string, string | null>>, context: z.RefinementCtx): void {
  for (const [name, value] of Object.entries(tags)) {
    if (!NAME.test(name)) refuse(context, 'bad_format', 'a name has 1 to 40 of a-z, 0-9, "_" and "-"', [name]);
    else if (value !== null && value.length > MAX_VALUE)
      refuse(context, 'too_long', `has more than ${MAX_VALUE} characters`, [name]);
    else if (value !== null) refuseUnsafe(context, value, [name]);
  }
}

const description = `at most ${MAX_TAGS} names of 1 to 40 characters a-z, 0-9, "_", "-", to texts of at most ${MAX_VALUE}`;

export const tags = textRecord(z.string(), MAX_TAGS, checkTags).meta({ description, examples: [{ team: 'billing' }] });
/** null takes a tag away. */
export const tagsPatch = textRecord(z.string().nullable(), MAX_TAGS * 2, checkTags).meta({ description });

/** `name:value`, as lists are filtered. */
export const tag = z
  .string()
  .transform((text, context): readonly [string, string] => {
    const at = text.indexOf(':');
    const name = text.slice(0, Math.max(at, 0));
    if (!NAME.test(name)) return refuse(context, 'bad_format', 'is not name:value');
    return refuseUnsafe(context, text) ? z.NEVER : [name, text.slice(at + 1)]; // Postgres stores neither in JSON
  })
  .meta({ description: '`name:value`', examples: ['team:billing'] });

/** No email has one tag with two values. */
export function refuseTwins(all: readonly (readonly [string, string])[], context: z.RefinementCtx): void {
  const names = new Set(all.map(([name]) => name));
  if (names.size < all.length) refuse(context, 'conflict', 'an email has one value for a tag; name each tag once');
}
