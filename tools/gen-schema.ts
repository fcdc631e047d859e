import { Database, dumpSchema, runMigrations } from '#storage';
import { createScratchDatabase } from './dev/postgres.js';
import { startServices } from './dev/services.js';
import { keepGenerated } from './gen/keep-generated.js';

/** `npm run gen:schema`: the schema that the migrations make, read from a database that is made for it and dropped again. */
await keepGenerated('gen:schema', async () => {
  const services = await startServices({ durable: false, anyPort: true });
  try {
    const scratch = await createScratchDatabase(services.databaseUrl);
    try {
      return [{ path: 'libs/storage/src/schema.sql', text: await migratedSchema(scratch.url) }];
    } finally {
      await scratch.drop();
    }
  } finally {
    await services.stop();
  }
});

async function migratedSchema(url: string): Promise<string> {
  await runMigrations(url);
  const db = new Database({ url, application: 'schema', maxConnections: 1, plans: 'free', onIdleError: () => {} });
  try {
    return await dumpSchema(db);
  } finally {
    await db.stop();
  }
}
