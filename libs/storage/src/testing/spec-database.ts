import type pg from 'pg';
import { specStatement } from '#testing';
import type { Database, Queryable } from '../database.js';

/** Rows of a statement that only this spec needs. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  db: Queryable,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await db.query<Row>({ ...specStatement(text), values })).rows;
}

/** Runs `work` in a transaction that is rolled back whatever happens; answers what it returned. */
export async function inVain<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  await db
    .transaction(async (tx) => {
      result = { value: await work(tx) };
      throw new RollBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RollBack)) throw error;
    });
  if (!result) throw new Error('nothing ran');
  return result.value;
}

class RollBack extends Error {}

/** A transaction whose end the spec decides: for races with a forced order. */
export async function openTransaction(db: Database): Promise<{
  readonly tx: Queryable;
  readonly commit: () => Promise<void>;
}> {
  let end = (): void => undefined;
  let done: Promise<void> = Promise.resolve();
  const tx = await new Promise<Queryable>((opened, failed) => {
    done = db.transaction(
      (open) =>
        new Promise<void>((resolve) => {
          end = resolve;
          opened(open);
        }),
    );
    done.catch(failed);
  });
  const commit = (): Promise<void> => {
    end();
    return done;
  };
  return { tx, commit };
}
