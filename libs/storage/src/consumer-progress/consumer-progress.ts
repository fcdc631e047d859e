import type { ProcessId } from '#domain';
import type { Queryable } from '../database.js';
import { sqlFile } from '../sql-file.js';

/** A partition as a consumer group reads it. */
export interface ProgressPlace {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** Offsets that a process has in hand, both included. */
export interface ProgressNote {
  readonly first: bigint;
  readonly last: bigint;
  /** How often the record at `first` was taken alone; 0: all came together. */
  readonly tries: number;
}

const noteStatement = sqlFile('./note-progress.sql', import.meta.url);
const leftStatement = sqlFile('./left-progress.sql', import.meta.url);
const forgetStatement = sqlFile('./forget-progress.sql', import.meta.url);

/** What the consumers of a process have in hand, for whoever gets their partitions if it dies. */
export class ConsumerProgressNotes {
  constructor(
    private readonly db: Queryable,
    private readonly process: ProcessId,
  ) {}

  /** What was in hand there when its process died; undefined: nothing, or that process lives. */
  async left({ group, topic, partition }: ProgressPlace): Promise<ProgressNote | undefined> {
    const values = [group, topic, partition];
    const { rows } = await this.db.query<{ first_offset: string; last_offset: string; tries: number }>({
      ...leftStatement,
      values,
    });
    const [row] = rows;
    return row && { first: BigInt(row.first_offset), last: BigInt(row.last_offset), tries: row.tries };
  }

  /** Replaces what was noted there, by whomever. */
  async note({ group, topic, partition }: ProgressPlace, { first, last, tries }: ProgressNote): Promise<void> {
    const values = [group, topic, partition, String(first), String(last), tries, this.process];
    await this.db.query({ ...noteStatement, values });
  }

  /** Forgets what this process noted there. */
  async forget({ group, topic, partition }: ProgressPlace): Promise<void> {
    await this.db.query({ ...forgetStatement, values: [group, topic, partition, this.process] });
  }
}
