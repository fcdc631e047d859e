import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that one process does at a time, and the health of providers that all processes share. */
export class CreateDuties1800000008000 implements MigrationInterface {
  readonly name = 'CreateDuties1800000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The holder raises seq while it lives; whoever sees it unchanged for too long takes over under a higher term (reliability 2.4).
      create table duties (
        name text primary key,
        holder uuid not null,
        term bigint not null,
        seq bigint not null
      );

      create table breakers (
        provider_id uuid primary key,
        state text not null check (state in ('closed', 'open', 'half_open')),
        faults integer not null default 0, -- in a row
        opened integer not null default 0, -- how often in a row: each time it stays open longer
        open_until timestamptz,
        last_error text,
        changed_at timestamptz not null default clock_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table breakers, duties;
    `);
  }
}
