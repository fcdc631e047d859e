-- Stores an email with an audience: its email, what only such emails have, and its job, under one id. Always one row.
-- A start that is not given is now, by this database. Its line stands from the start on; a draft has none yet,
-- and one that repeats never: its runs have lines.
with clock as materialized (select clock_now() as now),
state as materialized (
  select now, coalesce($17::timestamptz, now) as scheduled_at,
    case when $3 = 'open' then case when $17::timestamptz > now then 'scheduled' else 'running' end else $3 end as status
  from clock
),
made as (
  insert into emails (tenant_id, id, kind, class, mode, visibility, status, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes, reply_to,
    subject, text_body, html_body, headers, attachments, scheduled_at, expires_at, grace_seconds, on_missed, retry_for_seconds, on_unknown,
    owner_id, tags, correlation_key, total, job_id, name, render, wish, windows, created_at, updated_at)
  select $1::uuid, $2::uuid, $4, 'bulk', $5, 'individual', state.status, $6, '[]', '[]', '[]', $7::json, $8, $9, $10, $11::json, $12::json,
    state.scheduled_at, $13::timestamptz, $14::int, $15, $16::int, $18, $19, $20::jsonb, $21, 0, $2::uuid, $22, $23, $24::json, $25::json,
    state.now, state.now
  from state
  returning tenant_id, id, mode, status, scheduled_at, expires_at, tags
),
campaign as (
  insert into campaigns (tenant_id, email_id, delay_seconds, hourly_limit, spread, weight, repeat, parent_id, script, data_names, expanding,
    recipients, merged, rejected, last_place, next_run_at, bad_time_zones)
  select tenant_id, id, $26::int, $27::int, $28, $29::int, $30::json, $31::uuid, $32::json, $33::text[], $34::boolean, $35::int, $36::int, $37::int, $35::int, $39::timestamptz, $40::int
  from made
),
job as (
  insert into jobs (tenant_id, id, mode, kind, status, owner_id, actor, created_at, active_at, finished_at)
  select made.tenant_id, made.id, made.mode, $4, made.status, $19, $38, state.now, state.now, case when made.status = 'completed' then state.now end
  from made, state
),
opened as (
  insert into open_jobs (job_id, tenant_id, has_rows) select id, tenant_id, false from made where status <> 'draft'
),
tagged as (
  insert into email_tags (tenant_id, mode, name, value, email_id)
  select made.tenant_id, made.mode, tag.key, tag.value, made.id from made, jsonb_each_text(made.tags) tag where made.tags <> '{}'
),
expiring_too as (
  insert into expiring (expires_at, tenant_id, email_id) select expires_at, tenant_id, id from made where expires_at is not null
),
lined as (
  insert into lines (line, tenant_id, lane, mode, email_id, next_at)
  select id::text, tenant_id, 'bulk', mode, id, scheduled_at from made where status in ('scheduled', 'running') and $39::timestamptz is null
)
select status, extract(epoch from scheduled_at)::float8 * 1000 as scheduled_ms from made
