import { Database, ensureKey, ensureTenant } from '#storage';

/** Makes the development key known to the database, so that it opens tenant `dev`. Safe to do at every start. */
export async function rememberDevKey(url: string, secret: string): Promise<void> {
  const db = new Database({
    url,
    application: 'mailtide start',
    maxConnections: 1,
    plans: 'free',
    onIdleError: () => {},
  });
  try {
    const tenantId = await ensureTenant(db, 'dev');
    await ensureKey(db, { secret, tenantId, name: 'development', scopes: ['admin'] });
  } finally {
    await db.stop();
  }
}
