import { type Caller, Problem } from '#http';
import { createKey, type ListedKey, type Queryable } from '#storage';
import type { KeyRequest } from './key.schema.js';

/** A key with its secret: the only time that it is seen. */
export interface MadeKey {
  readonly key: ListedKey;
  readonly secret: string;
}

/** Makes a key of the caller's tenant; throws `validation_failed` for an end that is past. */
export async function makeKey(tx: Queryable, { tenantId }: Caller, wish: KeyRequest): Promise<MadeKey> {
  const { name, mode, scopes } = wish;
  const expiresAt = wish.expiresAt === undefined ? null : new Date(wish.expiresAt);
  const made = await createKey(tx, { tenantId, mode, name, scopes, expiresAt });
  if (made) return made;
  const detail = 'is past; leave it out for a key without an end';
  throw new Problem('validation_failed', `expiresAt: ${detail}`, {
    errors: [{ pointer: '/expiresAt', code: 'in_past', detail }],
  });
}
