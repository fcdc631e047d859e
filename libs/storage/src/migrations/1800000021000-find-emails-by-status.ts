import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether an email has a copy in one of some states, at a cost that does not grow with its copies. */
export class FindEmailsByStatus1800000021000 implements MigrationInterface {
  readonly name = 'FindEmailsByStatus1800000021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A single email is looked through: it has 50 copies at most. Those of an audience are counted where they move.
      -- One expression without settings of its own, so that the server plans it as a part of what asks; no "exists" over
      -- copies, which it may answer from all copies of the tenant at once.
      create function has_copy_in(e emails, statuses text[]) returns boolean language sql stable as $$
        select case when e.kind = 'single' then coalesce((
          select true from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id and (d.status = any (statuses)
            or ('paused' = any (statuses) and e.status = 'paused' and d.status in ('scheduled', 'queued', 'sending'))) limit 1), false)
        else exists (
          select from email_counters c cross join unnest(statuses) as asked (status)
          where c.tenant_id = e.tenant_id and c.email_id = e.id group by asked.status
          having sum((to_jsonb(c) ->> asked.status)::int) > 0
            or (asked.status = 'paused' and e.status = 'paused' and sum(c.scheduled + c.queued + c.sending) > 0))
        or ('paused' = any (statuses) and e.status = 'paused' and exists (
          select from campaigns c where c.tenant_id = e.tenant_id and c.email_id = e.id and (c.expanding or c.next_run_at is not null)))
        end
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function has_copy_in');
  }
}
