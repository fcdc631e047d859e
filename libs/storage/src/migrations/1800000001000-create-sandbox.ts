import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the sandbox's SMTP server accepted, and what its scripts remember. */
export class CreateSandbox1800000001000 implements MigrationInterface {
  readonly name = 'CreateSandbox1800000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('select 1');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('select 1');
  }
}
