import type { KeyId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { type Page, type PageOf, turned } from '../page.js';
import { sqlFile } from '../sql-file.js';
import { hashOf, hintOf, newSecret } from './key-secret.js';

/** A key as its tenant may see it again. */
export interface ListedKey {
  readonly id: KeyId;
  readonly mode: Mode;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly hint: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  /** Up to a minute old. */
  readonly last_used_at: Date | null;
}

export interface KeyWish {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
}

const statements = {
  create: sqlFile('./create-key.sql', import.meta.url),
  older: sqlFile('./list-older-keys.sql', import.meta.url),
  newer: sqlFile('./list-newer-keys.sql', import.meta.url),
  get: sqlFile('./get-key.sql', import.meta.url),
  revoke: sqlFile('./revoke-key.sql', import.meta.url),
  used: sqlFile('./note-keys-used.sql', import.meta.url),
};

/** A new key with its secret, which nobody sees again; undefined when it would have expired already. */
export async function createKey(
  db: Queryable,
  { tenantId, mode, name, scopes, expiresAt }: KeyWish,
): Promise<{ readonly key: ListedKey; readonly secret: string } | undefined> {
  const secret = newSecret(mode);
  const values = [tenantId, newId<KeyId>(), mode, name, scopes, hashOf(secret), hintOf(mode, secret), expiresAt];
  const { rows } = await db.query<ListedKey & Record<string, unknown>>({ ...statements.create, values });
  return rows[0] && { key: rows[0], secret };
}

/** A page of a tenant's keys of both modes, newest first, without the revoked ones. */
export async function listKeys(
  db: Queryable,
  tenantId: TenantId,
  { limit, after, before }: Page<KeyId>,
): Promise<PageOf<ListedKey>> {
  const backwards = before !== undefined;
  const { rows: found } = await db.query<ListedKey & Record<string, unknown>>({
    ...(backwards ? statements.newer : statements.older),
    values: [tenantId, before ?? after ?? null, limit + 1], // one more tells whether there is more
  });
  return turned(found, { limit, after, before });
}

/** A key that was not revoked; undefined: there is none of that id. */
export async function getKey(db: Queryable, tenantId: TenantId, id: KeyId): Promise<ListedKey | undefined> {
  const { rows } = await db.query<ListedKey & Record<string, unknown>>({ ...statements.get, values: [tenantId, id] });
  return rows[0];
}

/** Ends a key for good; false: there is none of that id. Every process knows within 5 s. */
export async function revokeKey(db: Queryable, tenantId: TenantId, id: KeyId): Promise<boolean> {
  const { rowCount } = await db.query({ ...statements.revoke, values: [tenantId, id] });
  return rowCount === 1;
}

/** Notes that keys were used now, at most once a minute each. */
export async function noteKeysUsed(
  db: Queryable,
  keys: readonly { readonly tenantId: TenantId; readonly keyId: KeyId }[],
): Promise<void> {
  await db.query({
    ...statements.used,
    values: [keys.map(({ tenantId }) => tenantId), keys.map(({ keyId }) => keyId)],
  });
}
