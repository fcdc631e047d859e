import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Campaigns that repeat: when the next run is due, and each run once. */
export class RepeatCampaigns1800000019000 implements MigrationInterface {
  readonly name = 'RepeatCampaigns1800000019000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaigns
        add next_run_at timestamptz, -- of one that repeats: its next run is made then; null: none will be
        add last_run_at timestamptz, -- of one that repeats: the last run that was made or left out
        add run_at timestamptz; -- of a run: when it was to be
      create unique index campaigns_runs on campaigns (tenant_id, parent_id, run_at) where run_at is not null;
      create index campaigns_next_run on campaigns (next_run_at) where next_run_at is not null;

      create function due_runs_of_all() returns table (tenant_id uuid, email_id uuid)
        language sql stable security definer set search_path = public, pg_temp
        as $$
          select c.tenant_id, c.email_id from campaigns c join emails e on e.tenant_id = c.tenant_id and e.id = c.email_id
          where c.next_run_at <= clock_statement() and e.status <> 'paused' order by c.next_run_at
        $$;
      revoke all on function due_runs_of_all from public;
      grant execute on function due_runs_of_all to mt_api, mt_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function due_runs_of_all;
      drop index campaigns_next_run, campaigns_runs;
      alter table campaigns drop next_run_at, drop last_run_at, drop run_at;
    `);
  }
}
