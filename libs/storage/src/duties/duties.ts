import type { ProcessId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A duty as its row has it. Numbers as text: they are compared, never counted with. */
export interface DutyRow {
  readonly name: string;
  readonly holder: ProcessId;
  /** Rises with every new holder. */
  readonly term: string;
  /** Rises while its holder lives. */
  readonly seq: string;
}

/** Who holds what was given back. */
export const NOBODY = '00000000-0000-0000-0000-000000000000' as ProcessId;

const holdStatement = sqlFile('./hold-duties.sql', import.meta.url);
const takeStatement = sqlFile('./take-duty.sql', import.meta.url);
const giveBackStatement = sqlFile('./give-back-duties.sql', import.meta.url);

/** Says that the holder lives; answers every duty that was ever held. */
export async function holdDuties(db: Queryable, names: readonly string[], holder: ProcessId): Promise<DutyRow[]> {
  const { rows } = await db.query<DutyRow & Record<string, unknown>>({ ...holdStatement, values: [names, holder] });
  return rows;
}

/** Takes a duty over exactly as it was seen (undefined: never held); its new term, or undefined when somebody was faster. */
export async function takeDuty(
  db: Queryable,
  name: string,
  holder: ProcessId,
  seen: DutyRow | undefined,
): Promise<string | undefined> {
  const values = [name, holder, seen?.term ?? null, seen?.seq ?? null];
  const { rows } = await db.query<{ term: string }>({ ...takeStatement, values });
  return rows[0]?.term;
}

export async function giveBackDuties(db: Queryable, holder: ProcessId): Promise<void> {
  await db.query({ ...giveBackStatement, values: [holder, NOBODY] });
}
