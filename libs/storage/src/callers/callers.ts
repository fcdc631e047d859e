import type { KeyId, Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { sqlFile } from '../sql-file.js';
import { hashOf, hintOf } from './key-secret.js';

/** Who a key stands for. */
export interface KeyRow {
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
  readonly mode: Mode;
  readonly scopes: readonly string[];
  readonly tenant: string;
}

const findKeyStatement = sqlFile('./find-key.sql', import.meta.url);
const ensureTenantStatement = sqlFile('./ensure-tenant.sql', import.meta.url);
const ensureKeyStatement = sqlFile('./ensure-key.sql', import.meta.url);

/** The caller behind a whole key; undefined for unknown, expired and revoked ones alike. */
export async function findKey(db: Queryable, key: string): Promise<KeyRow | undefined> {
  interface Row {
    tenant_id: TenantId;
    id: KeyId;
    mode: Mode;
    scopes: string[];
    tenant: string;
  }
  const { rows } = await db.query<Row>({ ...findKeyStatement, values: [hashOf(key)] });
  const [row] = rows;
  return row && { tenantId: row.tenant_id, keyId: row.id, mode: row.mode, scopes: row.scopes, tenant: row.tenant };
}

/** The id of the tenant of that name, made if it is missing. */
export async function ensureTenant(db: Queryable, name: string): Promise<TenantId> {
  const { rows } = await db.query<{ id: TenantId }>({ ...ensureTenantStatement, values: [newId<TenantId>(), name] });
  return rows[0]?.id ?? ensureTenant(db, name);
}

/** Makes a key known that somebody already holds; only its hash and its last four characters are stored. */
export async function ensureKey(
  db: Queryable,
  key: {
    readonly secret: string;
    readonly tenantId: TenantId;
    readonly name: string;
    readonly scopes: readonly string[];
  },
): Promise<void> {
  const mode: Mode = key.secret.startsWith('mt_live_') ? 'live' : 'test';
  const { tenantId, name, scopes, secret } = key;
  const values = [tenantId, newId<KeyId>(), mode, name, scopes, hashOf(secret), hintOf(mode, secret)];
  await db.query({ ...ensureKeyStatement, values });
}
