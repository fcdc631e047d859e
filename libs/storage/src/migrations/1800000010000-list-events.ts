import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told of a tenant and mode is read in the order of transactions; without this, past everybody else's events. */
export class ListEvents1800000010000 implements MigrationInterface {
  readonly name = 'ListEvents1800000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index outbox_of_tenant on outbox (tenant_id, mode, xid, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index outbox_of_tenant;
    `);
  }
}
