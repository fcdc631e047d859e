import type { Mode, TenantId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A request that may come again, and must then do nothing but get its answer. */
export interface IdempotencyKey {
  readonly tenantId: TenantId;
  readonly mode: Mode;
  /** Method and path, without ids: one key may be used once for each. */
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the request in canonical form. */
  readonly fingerprint: Buffer;
}

/** An answer as it was given the first time. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Byte for byte. */
  readonly body: string;
}

/** A key with the answer to store for it. */
export interface KeyedAnswer extends IdempotencyKey {
  /** Its body may hold `clockToken` where the database's time belongs. */
  readonly answer: StoredAnswer;
  readonly clockToken: string;
}

const statement = sqlFile('./find-answers.sql', import.meta.url);

/** The stored answers of keys, each with the fingerprint of the request that it answered; in the order asked. */
export async function findAnswers(
  db: Queryable,
  keys: readonly IdempotencyKey[],
): Promise<((StoredAnswer & { readonly fingerprint: Buffer }) | undefined)[]> {
  interface Row extends StoredAnswer {
    tenant_id: TenantId;
    mode: Mode;
    route: string;
    key: string;
    fingerprint: Buffer;
  }
  const values = [
    keys.map(({ tenantId }) => tenantId),
    keys.map(({ mode }) => mode),
    keys.map(({ route }) => route),
    keys.map(({ key }) => key),
  ];
  const { rows } = await db.query<Row & Record<string, unknown>>({ ...statement, values });
  const found = new Map(rows.map((row) => [identity({ ...row, tenantId: row.tenant_id }), row]));
  return keys.map((key) => found.get(identity(key)));
}

/** In one order everywhere, so that two statements over the same keys wait for each other and never deadlock. */
export const identity = ({ tenantId, mode, route, key }: Omit<IdempotencyKey, 'fingerprint'>): string =>
  `${tenantId} ${mode} ${route} ${key}`;
