import { ensureKey, ensureTenant } from '#storage';
import { openFree } from '#testing';

const secret = (mode: 'live' | 'test', letter: string) => `mt_${mode}_${letter.repeat(43)}`;

/** Headers of callers who may see nothing of what the developer's test key sees: the other mode of its tenant, and another tenant. */
export async function strangers(databaseUrl: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const db = openFree(databaseUrl, 1);
  const keys = [
    { secret: secret('live', 'x'), tenantId: await ensureTenant(db, 'dev'), name: 'other mode', scopes: ['admin'] },
    { secret: secret('test', 'y'), tenantId: await ensureTenant(db, 'stranger'), name: 'foreign', scopes: ['admin'] },
  ];
  for (const key of keys) await ensureKey(db, key);
  await db.stop();
  return keys.map((key) => ({ authorization: `Bearer ${key.secret}` }));
}
