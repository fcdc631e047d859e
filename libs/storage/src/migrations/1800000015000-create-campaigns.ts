import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolate, type Isolation } from './isolation.js';

const ALL = 'select, insert, update, delete';

const TENANT_TABLES: readonly Isolation[] = [
  { table: 'campaigns', api: ALL, worker: ALL },
  { table: 'campaign_recipients', api: ALL, worker: ALL },
  { table: 'campaign_rejections', api: ALL, worker: ALL },
  { table: 'lines', api: ALL, worker: ALL },
  { table: 'email_counters', api: ALL, worker: ALL },
  { table: 'sweeps', api: ALL, worker: ALL },
];

/** Campaigns and load tests: who they go to, how fast, and how far they are. */
export class CreateCampaigns1800000015000 implements MigrationInterface {
  readonly name = 'CreateCampaigns1800000015000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(COUNTING);
    await runner.query(EXPANDING);
    for (const table of TENANT_TABLES) await runner.query(isolate(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger copies_made on deliveries;
      drop trigger copies_moved on deliveries;
      drop trigger copies_gone on deliveries;
      drop function count_made, count_moved, count_gone, expanding_of_all, claimed_of;
      drop table sweeps, email_counters, lines, campaign_rejections, campaign_recipients, campaigns;
      drop index deliveries_once;
      alter table deliveries drop line, drop counted, drop time_zone, drop local_date;
      alter table due rename column line to lane;
      alter table jobs drop constraint jobs_status_check, add constraint jobs_status_check
        check (status in ('scheduled', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled'));
      alter table emails drop name, drop render, drop data, drop wish, drop windows, drop constraint emails_status_check,
        add constraint emails_status_check
        check (status in ('scheduled', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled'));
    `);
  }
}

const TABLES = `
alter table emails
  add name text,
  add render text not null default 'none' check (render in ('none', 'liquid')),
  add data json, -- of a single email that is rendered; recipients of an audience have their own
  add wish json, -- the schedule as it was wished: {local, timeZone, fallback, ifPast}; null: an instant was
  add windows json not null default '[]', -- [{days, from, to, timeZone}]
  drop constraint emails_status_check,
  add constraint emails_status_check
    check (status in ('draft', 'scheduled', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled'));
alter table jobs
  drop constraint jobs_status_check,
  add constraint jobs_status_check
    check (status in ('draft', 'scheduled', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled'));

-- What only emails with an audience have. A campaign, its email and its job bear one id.
create table campaigns (
  tenant_id uuid not null,
  email_id uuid not null,
  delay_seconds integer not null default 0,
  hourly_limit integer,
  spread text not null default 'even' check (spread in ('even', 'burst')),
  weight integer not null default 1 check (weight between 1 and 100),
  repeat json, -- {rule, until, overlap}
  parent_id uuid, -- the campaign that repeats
  script json, -- a load test: {count, ratePerSecond, failures, seed}
  data_names text[] not null default '{}', -- the variables that the content needs
  expanding boolean not null default false, -- its recipients are being made into copies
  position integer not null default 0, -- the place of the last recipient that was
  moving boolean not null default false, -- and the copies that there are get another time
  last_place integer not null default 0, -- of the last recipient that was accepted; what stands behind it is not accepted yet
  recipients integer not null default 0, -- accepted so far
  merged integer not null default 0, -- recipients that were there already
  rejected integer not null default 0, -- rows that nobody can be mailed by; numbered from 1
  upload_id uuid, -- the upload under way: its rows stand behind what was accepted, and count from its end on
  uploading_at timestamptz, -- when it last brought something
  primary key (tenant_id, email_id)
) with (fillfactor = 70);
create index campaigns_expanding on campaigns (tenant_id, email_id) where expanding;
create index campaigns_of_parent on campaigns (tenant_id, parent_id) where parent_id is not null;

-- Whom a campaign goes to, as uploaded: each address once. A copy finds its data here.
create table campaign_recipients (
  tenant_id uuid not null,
  email_id uuid not null,
  recipient_key text not null,
  place integer not null, -- from 1 with gaps, in the order they came
  mailbox text not null,
  address text not null,
  name text,
  time_zone text,
  data json,
  primary key (tenant_id, email_id, recipient_key)
);
-- Without the tenant: who looks for one recipient must not take this for as good as the key.
create unique index campaign_recipients_in_line on campaign_recipients (email_id, place);

-- The rows of an upload that were left out.
create table campaign_rejections (
  tenant_id uuid not null,
  email_id uuid not null,
  place integer not null, -- from 1, in the order they came; beyond campaigns.rejected: not accepted yet
  row integer not null, -- of its upload, from 1, the header not counted
  value text not null,
  code text not null,
  primary key (tenant_id, email_id, place)
);

-- Where copies wait whose going is measured out: a line of its own for each campaign. The two lanes need no row.
-- What is due of a line stands in due (line, due_at, id) like everything else.
create table lines (
  line text primary key, -- the id of a campaign; 'tenant:<id>:<lane>': what else of a tenant goes under a limit
  tenant_id uuid not null,
  lane text not null check (lane in ('transactional', 'bulk')),
  mode text not null check (mode in ('live', 'test')),
  email_id uuid, -- null: of many emails
  paused boolean not null default false,
  next_at timestamptz not null, -- nothing of it is taken before
  paced_at timestamptz, -- the instant that the last one taken was meant for
  waits_for json, -- why next_at is later than now: [{reason, scope, max, windowSeconds, used, until}]
  share double precision not null default 0 -- how much it got of what lines share, by its weight: who had least goes first
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index lines_ready on lines (lane, next_at) where not paused;
create index lines_of_tenant on lines (tenant_id, line);

alter table due rename column lane to line;
alter table deliveries
  add line text, -- where it waits: its lane, or a line of its own
  add counted boolean not null default false, -- its email has counters, and each recipient once
  add time_zone text, -- of a recipient whose local time was wished
  add local_date date; -- the day that was meant there
update deliveries set line = lane where line is null;
alter table deliveries alter line set not null;
create unique index deliveries_once on deliveries (tenant_id, email_id, recipient_key) where counted;

-- Where the copies of an email with an audience stand: deltas, summed on read. A slot for each connection, so that they do not wait for each other.
create table email_counters (
  tenant_id uuid not null,
  email_id uuid not null,
  slot smallint not null,
  scheduled integer not null default 0,
  queued integer not null default 0,
  sending integer not null default 0,
  sent integer not null default 0,
  failed integer not null default 0,
  unknown integer not null default 0,
  cancelled integer not null default 0,
  expired integer not null default 0,
  suppressed integer not null default 0,
  primary key (tenant_id, email_id, slot)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- Campaigns that were cancelled and whose waiting copies are being ended, chunk by chunk.
create table sweeps (
  tenant_id uuid not null,
  email_id uuid not null,
  position uuid, -- the last copy of the walk; null: it begins
  walked boolean not null default false, -- all that waited at the cancel has been ended
  told boolean not null, -- the final email.cancelled
  primary key (tenant_id, email_id)
);
`;

/** The loop that makes copies works for all tenants. */
const EXPANDING = `
create function expanding_of_all() returns table (tenant_id uuid, email_id uuid)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select c.tenant_id, c.email_id from campaigns c where c.expanding order by c.email_id
  $$;

-- Copies of an email that were claimed and are not settled: claims are few, whatever the email's size.
create function claimed_of(of_tenant uuid, of_email uuid) returns table (id uuid)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select distinct m.delivery_id
    from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
    cross join lateral (
      select from deliveries d where d.tenant_id = of_tenant and d.id = m.delivery_id and d.epoch = m.epoch
        and d.email_id = of_email and d.status in ('queued', 'sending') limit 1) d
    where m.tenant_id = of_tenant
  $$;
revoke all on function expanding_of_all, claimed_of from public;
grant execute on function expanding_of_all, claimed_of to mt_api, mt_worker;
`;

/** Deltas of one email: `seen` is what moved, `sign` +1 for where it came to and -1 for what it left. */
const add = (seen: string): string => `
  insert into email_counters as c (tenant_id, email_id, slot, scheduled, queued, sending, sent, failed, unknown, cancelled, expired, suppressed)
  select tenant_id, email_id, pg_backend_pid() % 16,
    coalesce(sum(sign) filter (where status = 'scheduled'), 0), coalesce(sum(sign) filter (where status = 'queued'), 0),
    coalesce(sum(sign) filter (where status = 'sending'), 0), coalesce(sum(sign) filter (where status = 'sent'), 0),
    coalesce(sum(sign) filter (where status = 'failed'), 0), coalesce(sum(sign) filter (where status = 'unknown'), 0),
    coalesce(sum(sign) filter (where status = 'cancelled'), 0), coalesce(sum(sign) filter (where status = 'expired'), 0),
    coalesce(sum(sign) filter (where status = 'suppressed'), 0)
  from (${seen}) seen
  group by tenant_id, email_id
  order by tenant_id, email_id
  on conflict (tenant_id, email_id, slot) do update set
    scheduled = c.scheduled + excluded.scheduled, queued = c.queued + excluded.queued, sending = c.sending + excluded.sending,
    sent = c.sent + excluded.sent, failed = c.failed + excluded.failed, unknown = c.unknown + excluded.unknown,
    cancelled = c.cancelled + excluded.cancelled, expired = c.expired + excluded.expired, suppressed = c.suppressed + excluded.suppressed;`;

/**
 * Counters move with the rows, whatever statement moves them and whoever wrote it (I11): by statement, so that a batch
 * costs one row. Copies of single emails are not counted.
 */
const COUNTING = `
create function count_made() returns trigger language plpgsql as $$
begin
  if not exists (select from made where counted) then return null; end if;
  ${add(`select tenant_id, email_id, status, 1 as sign from made where counted`)}
  return null;
end $$;

create function count_moved() returns trigger language plpgsql as $$
begin
  if not exists (select from after_move where counted) then return null; end if;
  ${add(`
    select * from (
      select tenant_id, email_id, status, sum(sign) as sign from (
        select tenant_id, email_id, status, 1 as sign from after_move where counted
        union all select tenant_id, email_id, status, -1 from before_move where counted
      ) both_sides group by tenant_id, email_id, status
    ) net where sign <> 0`)}
  return null;
end $$;

create function count_gone() returns trigger language plpgsql as $$
begin
  if not exists (select from gone where counted) then return null; end if;
  ${add(`select tenant_id, email_id, status, -1 as sign from gone where counted`)}
  return null;
end $$;

create trigger copies_made after insert on deliveries referencing new table as made for each statement execute function count_made();
create trigger copies_moved after update on deliveries referencing old table as before_move new table as after_move
  for each statement execute function count_moved();
create trigger copies_gone after delete on deliveries referencing old table as gone for each statement execute function count_gone();
`;
