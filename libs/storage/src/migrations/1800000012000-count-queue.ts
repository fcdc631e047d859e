import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of a tenant is in hand is found through claims, which name many tenants: so only the sums leave (decision 10). */
export class CountQueue1800000012000 implements MigrationInterface {
  readonly name = 'CountQueue1800000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function in_hand_of(of_tenant uuid, of_mode text) returns table (queued integer, sending integer)
        language sql stable security definer set search_path = public, pg_temp
        as $$
          select count(*) filter (where d.status = 'queued')::int, count(*) filter (where d.status = 'sending')::int
          from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
          cross join lateral (
            select d.status from deliveries d
            where d.tenant_id = of_tenant and d.id = m.delivery_id and d.epoch = m.epoch and d.mode = of_mode limit 1) d
          where m.tenant_id = of_tenant
        $$;
      revoke all on function in_hand_of from public;
      grant execute on function in_hand_of to mt_api, mt_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function in_hand_of;
    `);
  }
}
