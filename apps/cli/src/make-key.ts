import { InvalidArgumentError } from 'commander';
import { publicId } from '#domain';
import { type Scope, SCOPES } from '#http';
import { createKey, ensureTenant } from '#storage';
import { atDatabase } from './at-database.js';

export interface KeyWish {
  readonly tenant: string;
  readonly mode: 'live' | 'test';
  readonly scopes: readonly string[];
  readonly name: string;
}

export interface MadeKey extends KeyWish {
  readonly id: string;
  /** Nobody can show it again. */
  readonly secret: string;
}

/**
 * A key of a tenant, which is made if there is none of that name. Speaks to the database itself: the first key of an
 * installation cannot be asked for with a key. Throws a SetupError without DATABASE_URL.
 */
export async function makeKey({ tenant, mode, scopes, name }: KeyWish): Promise<MadeKey> {
  const known = scopesOf(scopes);
  return atDatabase(async (db) => {
    const tenantId = await ensureTenant(db, tenant);
    const made = await createKey(db, { tenantId, mode, name, scopes: known, expiresAt: null });
    if (!made) throw new Error('the key was not stored');
    return { id: publicId('key', made.key.id), tenant, mode, scopes, name, secret: made.secret };
  });
}

function scopesOf(texts: readonly string[]): Scope[] {
  return texts.map((text) => {
    const scope = SCOPES.find((known) => known === text);
    if (scope === undefined) throw new InvalidArgumentError(`"${text}" is no scope. There are ${SCOPES.join(', ')}.`);
    return scope;
  });
}
