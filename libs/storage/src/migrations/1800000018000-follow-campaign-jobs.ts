import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate } from './isolation.js';

/** Jobs of campaigns and load tests: why copies ended badly, counted as they end, and copies that are being opened again. */
export class FollowCampaignJobs1800000018000 implements MigrationInterface {
  readonly name = 'FollowCampaignJobs1800000018000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FAILURES);
    await runner.query(isolate({ table: 'email_failures', api: ALL, worker: ALL }));
    await runner.query(RETRYING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function retrying_of_all;
      drop index jobs_retrying;
      alter table jobs drop retrying;
      drop trigger failures_made on deliveries;
      drop trigger failures_moved on deliveries;
      drop trigger failures_gone on deliveries;
      drop function count_failures_made, count_failures_moved, count_failures_gone;
      drop table email_failures;
    `);
  }
}

const ALL = 'select, insert, update, delete';

/** Asked alone first: nearly all statements end there, and the status stands early in the row. */
const ENDED_BADLY = `status in ('failed', 'unknown', 'expired')`;
const BAD = `counted and ${ENDED_BADLY}`;

/** Deltas of one email: `seen` is what moved, `sign` +1 for what ended badly and -1 for what did not stay so. */
const add = (seen: string): string => `
  insert into email_failures as f (tenant_id, email_id, reason, code, slot, count)
  select tenant_id, email_id, coalesce(reason, status), concat_ws(' ', reply_code, reply_enhanced), pg_backend_pid() % 16, sum(sign)
  from (${seen}) seen
  group by tenant_id, email_id, coalesce(reason, status), concat_ws(' ', reply_code, reply_enhanced)
  having sum(sign) <> 0
  order by 1, 2, 3, 4
  on conflict (tenant_id, email_id, reason, code, slot) do update set count = f.count + excluded.count;`;

const columns = (sign: string): string =>
  `tenant_id, email_id, status, reason, reply_code, reply_enhanced, ${sign} as sign`;

/**
 * Moved by triggers as email_counters is. Not an index of what failed: one with the status in its condition would make every
 * claim, arm and settle write all indexes of its row anew (docs/jobs.md).
 */
const FAILURES = `
create table email_failures (
  tenant_id uuid not null,
  email_id uuid not null,
  reason text not null,
  code text not null, -- what the server said: '550 5.1.1'; empty: nothing
  slot smallint not null, -- of the connection, so that they do not wait for each other
  count integer not null, -- summed over the slots
  primary key (tenant_id, email_id, reason, code, slot)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

create function count_failures_made() returns trigger language plpgsql as $$
begin
  if not exists (select from made where ${ENDED_BADLY}) then return null; end if;
  ${add(`select ${columns('1')} from made where ${BAD}`)}
  return null;
end $$;

create function count_failures_moved() returns trigger language plpgsql as $$
begin
  if not exists (select from after_move where ${ENDED_BADLY}) and not exists (select from before_move where ${ENDED_BADLY}) then return null; end if;
  ${add(`select ${columns('1')} from after_move where ${BAD} union all select ${columns('-1')} from before_move where ${BAD}`)}
  return null;
end $$;

create function count_failures_gone() returns trigger language plpgsql as $$
begin
  if not exists (select from gone where ${ENDED_BADLY}) then return null; end if;
  ${add(`select ${columns('-1')} from gone where ${BAD}`)}
  return null;
end $$;

create trigger failures_made after insert on deliveries referencing new table as made for each statement execute function count_failures_made();
create trigger failures_moved after update on deliveries referencing old table as before_move new table as after_move
  for each statement execute function count_failures_moved();
create trigger failures_gone after delete on deliveries referencing old table as gone for each statement execute function count_failures_gone();
`;

/** Whose loop goes on with it after any restart, for all tenants. */
const RETRYING = `
alter table jobs
  add retrying json; -- {statuses, actor}: copies that ended so are being opened again, those up to position are done
create index jobs_retrying on jobs (tenant_id, id) where retrying is not null;
create function retrying_of_all() returns table (tenant_id uuid, id uuid)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select j.tenant_id, j.id from jobs j where j.retrying is not null order by j.id
  $$;
revoke all on function retrying_of_all from public;
grant execute on function retrying_of_all to mt_api, mt_worker;
`;
