import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from './isolation.js';

/** What consumers have in hand is known after their death: a record that kills its process is found (reliability 2.9). */
export class NoteProgress1800000014000 implements MigrationInterface {
  readonly name = 'NoteProgress1800000014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table consumer_progress (
        consumer_group text not null,
        topic text not null,
        partition integer not null,
        first_offset bigint not null,
        last_offset bigint not null check (last_offset >= first_offset),
        tries integer not null, -- how often the record at first_offset was taken alone; 0: all came together
        noted_by uuid not null,
        noted_at timestamptz not null,
        primary key (consumer_group, topic, partition)
      );
      ${grant({ table: 'consumer_progress', worker: 'select, insert, update, delete' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table consumer_progress;
    `);
  }
}
