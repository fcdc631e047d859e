import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants, keys, emails, deliveries and what moves them: due, claims, attempts, outbox, processes. */
export class CreateCore1800000000000 implements MigrationInterface {
  readonly name = 'CreateCore1800000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CLOCK, CALLERS, EMAILS, DELIVERIES, MOVES_TRIGGER, QUEUE, HISTORY, PROCESSES]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table processes, relay_cursor, outbox, attempts, claims, due, deliveries, emails, api_keys, tenants;
      drop function refuse_move, iso_instant, clock_statement, clock_now;
    `);
  }
}

/** The clock of all rules. A plain wrapper, so that a moved clock has one place to live. */
const CLOCK = `
create function clock_now() returns timestamptz language sql volatile
  as 'select clock_timestamp()';
-- Stable within a statement, so an index can be searched with it; a volatile clock there walks the whole future.
create function clock_statement() returns timestamptz language sql stable
  as 'select statement_timestamp()';
create function iso_instant(at timestamptz) returns text language sql stable
  as $$select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')$$;
`;

const CALLERS = `
create table tenants (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  created_at timestamptz not null default clock_now()
);

create table api_keys (
  tenant_id uuid not null references tenants,
  id uuid not null,
  mode text not null check (mode in ('live', 'test')),
  name text not null,
  scopes text[] not null,
  hash bytea not null unique check (length(hash) = 32), -- SHA-256 of the whole key; the key itself is never stored
  hint text not null,
  created_at timestamptz not null default clock_now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id)
);
`;

const EMAILS = `
create table emails (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('single', 'campaign', 'broadcast', 'load_test')),
  class text not null check (class in ('otp', 'transactional', 'bulk')),
  mode text not null check (mode in ('live', 'test')),
  visibility text not null check (visibility in ('shared', 'individual')),
  status text not null default 'scheduled'
    check (status in ('scheduled', 'running', 'paused', 'completed', 'completed_with_errors', 'cancelled')),
  from_mailbox text not null,
  to_mailboxes json not null,
  cc_mailboxes json not null,
  bcc_mailboxes json not null,
  reply_to json not null,
  subject text not null,
  text_body text,
  html_body text,
  scheduled_at timestamptz not null,
  grace_seconds integer not null,
  retry_for_seconds integer not null,
  on_unknown text not null check (on_unknown in ('at_most_once', 'at_least_once')),
  owner_id text,
  total integer not null,
  content_version integer not null default 1,
  version integer not null default 1,
  tombstone_at timestamptz,
  cancel_open boolean not null default false, -- cancelled while copies were in flight: their end is still to be told
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id)
) with (fillfactor = 80);
create index emails_newest on emails (tenant_id, mode, id desc);
create index emails_cancel_open on emails (tenant_id, id) where cancel_open;
`;

/** No index on anything that claim, arm or settle change: that alone nearly halves their cost (measured). */
const DELIVERIES = `
create table deliveries (
  tenant_id uuid not null,
  id uuid not null,
  email_id uuid not null,
  lane text not null check (lane in ('transactional', 'bulk')),
  mode text not null check (mode in ('live', 'test')),
  role text not null check (role in ('to', 'cc', 'bcc')),
  mailbox text not null,
  address text not null,
  recipient_key text not null,
  status text not null default 'scheduled',
  epoch integer not null default 0,
  attempt integer not null default 0,
  version integer not null default 1,
  due_at timestamptz not null,
  eligible_at timestamptz not null, -- when its user wanted it; due_at moves on with every retry
  first_claimed_at timestamptz,
  claimed_at timestamptz,
  grant_until timestamptz,
  expires_at timestamptz,
  armed_at timestamptz,
  armed_by uuid,
  hold_until timestamptz,
  finished_at timestamptz,
  provider_id uuid,
  reply_code smallint,
  reply_enhanced text,
  reply_text text,
  reason text,
  possible_duplicate boolean not null default false,
  resends smallint not null default 0,
  lost_claims smallint not null default 0,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  constraint deliveries_status check (status in
    ('scheduled', 'queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed'))
) with (fillfactor = 65, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
-- Without the tenant, as all indexes beside the key: who looks for one copy must not take them for as good as that.
create index deliveries_of_email on deliveries (email_id, id);
`;

/** The pairs are those of MOVES in libs/domain; a test tries every pair against the database. */
const MOVES_TRIGGER = `
create function refuse_move() returns trigger language plpgsql as $$
begin
  raise exception 'a delivery cannot move from % to %', old.status, new.status using errcode = 'check_violation';
end $$;
create trigger deliveries_move before update of status on deliveries for each row
  when (old.status <> new.status and (old.status, new.status) not in (
    ('scheduled', 'queued'), ('scheduled', 'failed'), ('scheduled', 'unknown'), ('scheduled', 'cancelled'), ('scheduled', 'expired'), ('scheduled', 'suppressed'),
    ('queued', 'sending'), ('queued', 'scheduled'), ('queued', 'failed'), ('queued', 'unknown'), ('queued', 'cancelled'), ('queued', 'expired'), ('queued', 'suppressed'),
    ('sending', 'sent'), ('sending', 'scheduled'), ('sending', 'failed'), ('sending', 'unknown'),
    ('failed', 'scheduled'),
    ('unknown', 'sent'), ('unknown', 'failed'), ('unknown', 'scheduled'),
    ('expired', 'scheduled')))
  execute function refuse_move();
`;

const QUEUE = `
-- One narrow row per scheduled delivery: made with it, deleted by its claim, moved by an edit, deleted by a cancel.
create table due (
  lane text not null,
  due_at timestamptz not null,
  id uuid not null,
  tenant_id uuid not null,
  primary key (lane, due_at, id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- One row per claim statement: where the reconciler finds what was claimed, without an index on what moves.
create table claims (
  id uuid primary key,
  lane text not null,
  claimed_by uuid not null,
  grant_until timestamptz not null,
  tenants uuid[] not null,
  deliveries uuid[] not null,
  epochs integer[] not null
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index claims_grant_over on claims (grant_until);
`;

const HISTORY = `
create table attempts (
  tenant_id uuid not null,
  delivery_id uuid not null,
  epoch integer not null,
  attempt integer not null,
  provider_id uuid,
  phase text not null check (phase in ('connecting', 'envelope', 'before_dot', 'dot_released', 'reply_received')),
  outcome text not null check (outcome in ('accepted', 'temporary', 'permanent', 'unknown', 'provider_fault', 'withheld')),
  claimed_at timestamptz,
  started_at timestamptz not null,
  armed_at timestamptz,
  ended_at timestamptz not null,
  ambiguous_at timestamptz, -- never cleared; a later truth goes to resolved_by
  resolved_by text,
  reply_code smallint,
  reply_enhanced text,
  reply_text text,
  error text,
  connect_ms integer,
  envelope_ms integer,
  arm_ms integer,
  reply_ms integer,
  primary key (tenant_id, delivery_id, epoch)
);

create table outbox (
  id bigint generated always as identity (cache 1) primary key,
  xid xid8 not null default pg_current_xact_id(),
  event_id uuid not null,
  tenant_id uuid not null,
  mode text not null,
  topic text not null,
  key text not null,
  type text not null,
  event_version smallint not null,
  source text not null,
  actor text not null,
  email_id uuid not null,
  delivery_id uuid,
  version integer not null, -- of the delivery, or of the email
  data json not null,
  at timestamptz not null
);
create index outbox_in_order on outbox (xid, id);
create index outbox_of_email on outbox (tenant_id, email_id, id);

create table relay_cursor (
  name text primary key,
  from_xid xid8 not null,
  to_xid xid8 not null,
  last_id bigint not null,
  version bigint not null
);
insert into relay_cursor values ('outbox', '0', '0', 0, 0);
`;

const PROCESSES = `
create table processes (
  id uuid primary key,
  app text not null,
  instance text not null,
  host text not null,
  pid integer not null,
  beat bigint not null default 0,
  started_at timestamptz not null default clock_now(),
  beat_at timestamptz not null default clock_now(),
  ended_at timestamptz -- a clean stop, or a newer boot under the same exclusive name: proof that it is dead
);
create index processes_alive on processes (app) where ended_at is null;
`;
