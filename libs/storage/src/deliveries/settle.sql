-- Records how attempts ended: the delivery's move, the attempt, the event, and a due row where it will be tried again.
-- No row back: somebody else moved it (the attempt is recorded all the same).
-- The asks come sorted by (tenant, id), so two senders lock in one order.
with clock as materialized (select clock_now() as now),
ask as materialized (
  select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::boolean[], $6::boolean[], $7::float8[], $8::float8[], $9::text[],
      $10::int[], $11::text[], $12::text[], $13::uuid[], $14::int[], $15::text[], $16::text[], $17::text[], $18::float8[],
      $19::int[], $20::int[], $21::int[], $22::int[], $23::uuid[], $24::text[], $25::text[], $26::text[], $27::int[], $28::text[], $29::text[], $30::uuid[])
    as ask (tenant_id, id, epoch, status, armed, counts, delay_ms, hold_ms, reason,
      reply_code, reply_enhanced, reply_text, provider_id, attempt, phase, outcome, error, took_ms,
      connect_ms, envelope_ms, arm_ms, reply_ms, event_id, topic, key, type, event_version, source, data, email_id)
),
moved as (
  update deliveries d set
    status = ask.status,
    version = d.version + case when ask.event_id is null then 0 else 1 end, -- each version is told once
    attempt = d.attempt + case when ask.counts and not ask.armed then 1 when ask.armed and not ask.counts then -1 else 0 end,
    due_at = case when ask.status = 'scheduled' then clock.now + ask.delay_ms * interval '1 millisecond' else d.due_at end,
    hold_until = case when ask.status = 'sending' then clock.now + ask.hold_ms * interval '1 millisecond' end,
    finished_at = case when ask.status in ('scheduled', 'sending') then null else clock.now end,
    provider_id = coalesce(ask.provider_id, d.provider_id),
    reply_code = ask.reply_code, reply_enhanced = ask.reply_enhanced, reply_text = ask.reply_text, reason = ask.reason, lost_claims = 0
  from ask, clock
  where d.tenant_id = ask.tenant_id and d.id = ask.id and d.epoch = ask.epoch
    and d.status = any (case when ask.armed then array['sending', 'unknown'] else array['queued'] end)
    and d.status <> case when ask.status = 'sending' then 'unknown' else ask.status end
  returning d.tenant_id, d.id, d.epoch, d.lane, d.mode, d.status, d.version, d.due_at, d.claimed_at, d.armed_at
),
requeued as (
  insert into due (lane, due_at, id, tenant_id) select lane, due_at, id, tenant_id from moved where status = 'scheduled'
),
recorded as (
  insert into attempts (tenant_id, delivery_id, epoch, attempt, provider_id, phase, outcome, claimed_at, started_at, armed_at, ended_at, ambiguous_at,
    reply_code, reply_enhanced, reply_text, error, connect_ms, envelope_ms, arm_ms, reply_ms)
  select ask.tenant_id, ask.id, ask.epoch, ask.attempt, ask.provider_id, ask.phase, ask.outcome, moved.claimed_at,
    clock.now - ask.took_ms * interval '1 millisecond', moved.armed_at, clock.now, case when ask.outcome = 'unknown' then clock.now end,
    ask.reply_code, ask.reply_enhanced, ask.reply_text, ask.error, ask.connect_ms, ask.envelope_ms, ask.arm_ms, ask.reply_ms
  from clock, ask left join moved on moved.tenant_id = ask.tenant_id and moved.id = ask.id
  on conflict (tenant_id, delivery_id, epoch) do update set resolved_by = excluded.outcome, ended_at = excluded.ended_at,
    phase = excluded.phase, outcome = excluded.outcome, reply_code = excluded.reply_code, reply_enhanced = excluded.reply_enhanced,
    reply_text = excluded.reply_text, error = excluded.error, reply_ms = excluded.reply_ms
    where attempts.outcome = 'unknown' and excluded.outcome <> 'unknown'
),
told as (
  insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
  select ask.event_id, moved.tenant_id, moved.mode, ask.topic, ask.key, ask.type, ask.event_version, ask.source, 'system', ask.email_id, moved.id, moved.version,
    (ask.data::jsonb || case when moved.status = 'scheduled'
      then jsonb_build_object('at', iso_instant(clock.now), 'nextAttemptAt', iso_instant(moved.due_at))
      else jsonb_build_object('at', iso_instant(clock.now)) end)::json, clock.now
  from clock, moved join ask on ask.tenant_id = moved.tenant_id and ask.id = moved.id
  where ask.event_id is not null
)
select tenant_id, id, status from moved
