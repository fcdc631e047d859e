import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate } from './isolation.js';

/** Copies that let others pass because of a limit are freed when it changes, chunk by chunk. */
export class FreeDeferred1800000021600 implements MigrationInterface {
  readonly name = 'FreeDeferred1800000021600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Limits that were changed, whose deferred copies are looked for in the lines of their tenant, and how far that is.
      create table limit_walks (
        tenant_id uuid not null,
        scope text not null,
        domains text[] not null, -- that it binds
        until timestamptz not null, -- nothing was deferred further by it
        line text, -- the one that is looked through; null: it begins
        due_at timestamptz, -- of the last copy there; null: none of it was looked at
        delivery_id uuid,
        primary key (tenant_id, scope)
      );
    `);
    await runner.query(isolate({ table: 'limit_walks', api: ALL, worker: ALL }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table limit_walks');
  }
}

const ALL = 'select, insert, update, delete';
