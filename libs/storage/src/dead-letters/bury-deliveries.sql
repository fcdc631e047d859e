-- Puts failed deliveries aside, in the transaction of their end, and tells of it. Every row given is stored.
-- The event takes no number of its delivery's versions: its own is 0.
with clock as materialized (select clock_now() as now),
ask as materialized (
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::int[], $9::text[], $10::text[],
      $11::uuid[], $12::text[], $13::text[])
    as ask (id, tenant_id, mode, reason, delivery_id, email_id, job_id, attempts, error, conversation, event_id, key, data)
),
told as (
  insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
  select ask.event_id, ask.tenant_id, ask.mode, $14::text, ask.key, $15::text, 1, $16::text, 'system', ask.email_id, ask.delivery_id, 0,
    (ask.data::jsonb || jsonb_build_object('at', iso_instant(clock.now)))::json, clock.now
  from clock, ask
)
insert into dead_letters (tenant_id, id, mode, kind, reason, delivery_id, email_id, job_id, attempts, error, conversation, created_at)
select ask.tenant_id, ask.id, ask.mode, 'delivery', ask.reason, ask.delivery_id, ask.email_id, ask.job_id, ask.attempts, ask.error,
  array(select json_array_elements_text(ask.conversation::json)), clock.now
from clock, ask
