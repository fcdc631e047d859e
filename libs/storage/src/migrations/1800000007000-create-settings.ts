import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant may choose for itself. */
export class CreateSettings1800000007000 implements MigrationInterface {
  readonly name = 'CreateSettings1800000007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tenant_settings (
        tenant_id uuid primary key references tenants,
        default_from text, -- null: the installation's DEFAULT_FROM
        time_zone text not null default 'UTC',
        windows json not null default '[]',
        transactional_reserve float8 not null default 0.2 check (transactional_reserve between 0 and 1),
        catch_up_share float8 not null default 0.3 check (catch_up_share between 0 and 1),
        version integer not null default 1,
        updated_at timestamptz not null default clock_now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table tenant_settings;
    `);
  }
}
