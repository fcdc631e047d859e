import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant has in line in one mode is counted without a look at anybody else's, and without one at its deliveries. */
export class IndexDue1800000013000 implements MigrationInterface {
  readonly name = 'IndexDue1800000013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table due add mode text check (mode in ('live', 'test'));
      update due set mode = d.mode from deliveries d where d.tenant_id = due.tenant_id and d.id = due.id;
      delete from due where mode is null;
      alter table due alter mode set not null;
      create index due_in_line on due (tenant_id, mode, due_at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table due drop mode; -- and the index with it
    `);
  }
}
