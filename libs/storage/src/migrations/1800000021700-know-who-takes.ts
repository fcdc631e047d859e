import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a sender had begun to work on is taken back as soon as it is proven dead. */
export class KnowWhoTakes1800000021700 implements MigrationInterface {
  readonly name = 'KnowWhoTakes1800000021700';

  async up(runner: QueryRunner): Promise<void> {
    // Null: noted by a sender of before, in the midst of an upgrade. Its grants run out.
    await runner.query('alter table takes add taken_by uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table takes drop taken_by');
  }
}
