import { describe, expect, it } from '@jest/globals';
import { EXPECTED_MIGRATIONS, type Queryable, runMigrations } from '#storage';
import { openFree } from './open-database.js';
import { testDatabase } from './test-database.js';

const tables = async (db: Queryable): Promise<string[]> => {
  const text = "select tablename from pg_tables where schemaname = 'public'";
  const { rows } = await db.query<{ tablename: string }>({ name: 'tables', text, values: [] });
  return rows.map(({ tablename }) => tablename);
};

const open = (url: string) => openFree(url, 1);

describe('a test database', () => {
  it('has the whole schema, and nothing that another test has done', async () => {
    const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
    const first = open(one.url);
    const second = open(two.url);
    await first.query({ name: 'make', text: 'create table only_here ()', values: [] });

    expect(await tables(first)).toContain('only_here');
    expect(await tables(second)).toEqual(expect.arrayContaining(['emails', 'deliveries']));
    expect(await tables(second)).not.toContain('only_here');
    expect(EXPECTED_MIGRATIONS).toBeGreaterThan(0);
    expect(await runMigrations(two.url)).toEqual([]);

    await Promise.all([first.stop(), second.stop()]);
    await Promise.all([one.drop(), two.drop()]);
    await expect(runMigrations(one.url)).rejects.toThrow('does not exist');
  });
});
