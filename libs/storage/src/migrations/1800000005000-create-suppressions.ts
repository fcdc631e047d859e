import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Addresses that get nothing more of a tenant. */
export class CreateSuppressions1800000005000 implements MigrationInterface {
  readonly name = 'CreateSuppressions1800000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table suppressions (
        tenant_id uuid not null,
        id uuid not null,
        mode text not null check (mode in ('live', 'test')),
        recipient_key text not null,
        address text not null,
        scope text not null check (scope in ('all', 'bulk')),
        source text not null check (source in ('hard_bounce', 'complaint', 'unsubscribe', 'manual', 'import')),
        reason text,
        delivery_id uuid, -- whose end caused it
        created_at timestamptz not null default clock_now(),
        lifted_at timestamptz,
        primary key (tenant_id, id)
      );
      create unique index suppressions_in_force on suppressions (tenant_id, mode, recipient_key, scope) where lifted_at is null;
      -- For lists alone, which say it in these words: who looks for one recipient must not take this for as good as the index above.
      create index suppressions_newest on suppressions (tenant_id, mode, id desc) where coalesce(lifted_at, 'infinity') = 'infinity';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table suppressions;
    `);
  }
}
