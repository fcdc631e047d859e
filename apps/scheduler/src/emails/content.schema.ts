import { z } from 'zod';
import { checkData } from '#content';
import { refuse } from './fields.js';

export const render = z
  .enum(['none', 'liquid'])
  .meta({ description: '`liquid`: subject, text and html have placeholders, which `data` feeds; default: none' });

/** What placeholders show: an object of whatever JSON can say. */
export const data = z
  .preprocess(
    (value, context) => {
      // It would be dropped in silence: an object of JavaScript has another use for this name.
      if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__'))
        refuse(context, 'unknown_field', '"__proto__" cannot be a name', ['__proto__']);
      return value;
    },
    z.record(z.string(), z.unknown()).superRefine((value, context) => {
      const checked = checkData(value);
      if (checked.kind === 'refused') refuse(context, checked.code, checked.detail);
    }),
  )
  .meta({ description: 'values by name for the placeholders; at most 16 KiB', examples: [{ name: 'Ada' }] });
