import { hostname } from 'node:os';
import type { ProcessId } from '#domain';
import type { Queryable } from '../database.js';
import { newId } from '../new-id.js';
import { sqlFile } from '../sql-file.js';

/** One run of one app, as the others see it. */
export interface ProcessRow {
  readonly id: ProcessId;
  readonly app: string;
  readonly instance: string;
  /** Counts up every second while it lives; silence is timed by who watches, on its own clock. */
  readonly beat: string;
  /** Ended cleanly, or proven dead by a newer boot under its exclusive name. */
  readonly ended: boolean;
}

const registerStatement = sqlFile('./register-process.sql', import.meta.url);
const beatStatement = sqlFile('./beat-process.sql', import.meta.url);
const endStatement = sqlFile('./end-process.sql', import.meta.url);
const listStatement = sqlFile('./list-processes.sql', import.meta.url);

/** Enters this run of an app. With an exclusive name, all earlier runs of that name are thereby proven dead. */
export async function registerProcess(
  db: Queryable,
  process_: { readonly app: string; readonly instance: string; readonly exclusive: boolean },
): Promise<ProcessId> {
  const id = newId<ProcessId>();
  const values = [id, process_.app, process_.instance, hostname(), process.pid, process_.exclusive];
  await db.query({ ...registerStatement, values });
  return id;
}

/** Says that this process lives. */
export async function beat(db: Queryable, id: ProcessId): Promise<void> {
  await db.query({ ...beatStatement, values: [id] });
}

/** A clean stop: nothing of this process is in the air any more. */
export async function endProcess(db: Queryable, id: ProcessId): Promise<void> {
  await db.query({ ...endStatement, values: [id] });
}

/** Runs of an app that may still own something: the living, and those that ended within the last day. */
export async function listProcesses(db: Queryable, app: string): Promise<ProcessRow[]> {
  const { rows } = await db.query<{ id: ProcessId; app: string; instance: string; beat: string; ended: boolean }>({
    ...listStatement,
    values: [app],
  });
  return rows;
}
