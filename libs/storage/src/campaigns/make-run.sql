-- Stores a run of a campaign that repeats and that the caller holds: a campaign of its own with its content. No row: this run is there already.
-- Its recipients follow chunk by chunk. $1 tenant  $2 what repeats  $3 id  $4 when it was to be  $5 when it starts; null: now  $6 its schedule
with clock as materialized (select clock_now() as now),
campaign as (
  insert into campaigns (tenant_id, email_id, delay_seconds, hourly_limit, spread, weight, parent_id, run_at, data_names, expanding, recipients, last_place, bad_time_zones)
  select tenant_id, $3::uuid, delay_seconds, hourly_limit, spread, weight, email_id, $4::timestamptz, data_names, true, recipients, last_place, bad_time_zones
  from campaigns where tenant_id = $1 and email_id = $2
  on conflict (tenant_id, parent_id, run_at) where run_at is not null do nothing
  returning email_id, recipients
),
made as (
  insert into emails (tenant_id, id, kind, class, mode, visibility, status, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes, reply_to,
    subject, text_body, html_body, headers, attachments, scheduled_at, grace_seconds, on_missed, retry_for_seconds, on_unknown,
    owner_id, tags, correlation_key, total, job_id, name, render, wish, windows, created_at, updated_at)
  select e.tenant_id, campaign.email_id, e.kind, e.class, e.mode, e.visibility, 'running', e.from_mailbox, '[]', '[]', '[]', e.reply_to,
    e.subject, e.text_body, e.html_body, e.headers, e.attachments, coalesce($5::timestamptz, clock.now), e.grace_seconds, e.on_missed, e.retry_for_seconds, e.on_unknown,
    e.owner_id, e.tags, e.correlation_key, 0, campaign.email_id, e.name, e.render, $6::json, e.windows, clock.now, clock.now
  from clock, campaign, emails e where e.tenant_id = $1 and e.id = $2
  returning tenant_id, id, kind, mode, status, owner_id, scheduled_at, tags
),
job as (
  insert into jobs (tenant_id, id, mode, kind, status, owner_id, actor, created_at, active_at)
  select made.tenant_id, made.id, made.mode, made.kind, made.status, made.owner_id, 'system', clock.now, clock.now from made, clock
),
opened as (
  insert into open_jobs (job_id, tenant_id, has_rows) select id, tenant_id, false from made
),
tagged as (
  insert into email_tags (tenant_id, mode, name, value, email_id)
  select made.tenant_id, made.mode, tag.key, tag.value, made.id from made, jsonb_each_text(made.tags) tag where made.tags <> '{}'
),
attached as (
  insert into email_attachments (tenant_id, email_id, position, content)
  select a.tenant_id, made.id, a.position, a.content from made join email_attachments a on a.tenant_id = $1 and a.email_id = $2
),
lined as (
  insert into lines (line, tenant_id, lane, mode, email_id, next_at)
  select id::text, tenant_id, 'bulk', mode, id, scheduled_at from made
)
select made.scheduled_at, campaign.recipients from made, campaign
