-- What a sender needs of the deliveries in its work orders. A row that is missing is no longer queued under that epoch.
-- What is loaded is worked on: it is noted first, in one row for all, so that a loss can be told from an order that nobody read, and
-- taken back as soon as its sender is proven dead. That note need not outlive a crash of the server, so nobody waits for its disk.
-- $1-$3 tenants, ids, epochs  $4 the sender
with noted as (
  insert into takes (at, id, deliveries, epochs, taken_by)
  select clock_now(), gen_random_uuid(), $2::uuid[], $3::int[], $4::uuid where set_config('synchronous_commit', 'off', true) is not null
)
select d.tenant_id, d.id, d.epoch, d.attempt, d.email_id, d.mode, d.lane, d.role, d.mailbox, d.address, d.resends, d.possible_duplicate,
  extract(epoch from d.due_at)::float8 * 1000 as due_ms, extract(epoch from d.eligible_at)::float8 * 1000 as eligible_ms,
  greatest(0, extract(epoch from d.first_claimed_at - d.eligible_at)::float8 * 1000) as late_ms,
  greatest(0, extract(epoch from clock_now() - d.first_claimed_at)::float8) as waited_seconds,
  extract(epoch from d.first_claimed_at - clock_now())::float8 + e.retry_for_seconds as budget_left_seconds,
  extract(epoch from e.created_at)::float8 * 1000 as created_ms,
  e.class, e.visibility, e.from_mailbox, e.to_mailboxes, e.cc_mailboxes, e.reply_to, e.subject, e.text_body, e.html_body, e.headers, e.attachments,
  e.content_version, e.on_unknown, e.owner_id, e.job_id, coalesce(s.is_suppressed, false) as is_suppressed,
  d.charged, d.recipient_key, e.render, d.counted, r.name as recipient_name, case when d.counted then r.data else e.data end as data,
  e.windows, coalesce(t.windows, '[]') as tenant_windows, coalesce(d.time_zone, e.wish ->> 'fallback', t.time_zone) as time_zone,
  extract(epoch from clock_now())::float8 * 1000 as loaded_ms
from unnest($1::uuid[], $2::uuid[], $3::int[]) as asked (tenant_id, id, epoch)
join deliveries d on d.tenant_id = asked.tenant_id and d.id = asked.id and d.epoch = asked.epoch and d.status = 'queued'
join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
-- Looked up one by one (lateral): left to itself the planner reads all suppressions at once.
left join lateral (
  select true as is_suppressed from suppressions s
  where s.tenant_id = d.tenant_id and s.mode = d.mode and s.recipient_key = d.recipient_key and s.lifted_at is null
    and (s.scope = 'all' or d.lane = 'bulk')
  limit 1) s on true
left join lateral (select t.windows, t.time_zone from tenant_settings t where t.tenant_id = d.tenant_id limit 1) t on true
-- Only who has an audience looks for its recipient's own data, and only to render them.
left join lateral (
  select r.name, r.data from campaign_recipients r
  where d.counted and e.render = 'liquid' and r.tenant_id = d.tenant_id and r.email_id = d.email_id and r.recipient_key = d.recipient_key) r on true
