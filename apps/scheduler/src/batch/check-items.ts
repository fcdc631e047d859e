import { setImmediate } from 'node:timers/promises';
import type { FieldError } from '#domain';
import { partErrors } from '#http';
import { BatchItem } from './batch.schema.js';

/** An email of a batch by itself. */
export type CheckedItem =
  { readonly kind: 'ok'; readonly item: BatchItem } | { readonly kind: 'bad'; readonly errors: readonly FieldError[] };

/** Emails between two turns of the event loop: other callers wait a few milliseconds at most. */
const AT_ONCE = 20;

/** Checks every email of a batch against the schema of a single one; pointers are those of the whole body. */
export const checkItems = (emails: readonly unknown[]): Promise<CheckedItem[]> =>
  inSlices(emails, (email, index) => {
    const parsed = BatchItem.safeParse(email);
    return parsed.success
      ? { kind: 'ok', item: parsed.data }
      : { kind: 'bad', errors: partErrors(parsed.error.issues, email, ['emails', index]) };
  });

/** The same as `map`, giving way to others between slices. */
export async function inSlices<In, Out>(all: readonly In[], map: (one: In, index: number) => Out): Promise<Out[]> {
  const done: Out[] = [];
  for (const [index, one] of all.entries()) {
    if (index > 0 && index % AT_ONCE === 0) await setImmediate();
    done.push(map(one, index));
  }
  return done;
}
