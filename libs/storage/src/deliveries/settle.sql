-- Records how attempts ended: the delivery's move, the attempt, the event, and a due row where it will be tried again.
-- What puts an address or a delivery aside takes settle-with-consequences.sql; a change of either is one of both.
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
    -- The events of a delivery number its versions without a hole: what is not told raises none.
    version = d.version + case when ask.event_id is null then 0 else 1 end,
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
  returning d.claimed_at, case when ask.armed then d.armed_at end as dot_asked_at, d.line, d.mode, d.version, d.due_at, d.paused, ask.*
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from moved where status = 'scheduled' and not paused -- else the resume does
),
-- Found by a hashed list, not by a join: two lists of n in memory cost n x n.
ended as (
  select * from moved
  union all
  select null, null, null, null, null, null, null, ask.* from ask
  where (ask.tenant_id, ask.id, ask.epoch) not in (select tenant_id, id, epoch from moved)
),
recorded as (
  insert into attempts (tenant_id, delivery_id, epoch, attempt, provider_id, phase, outcome, claimed_at, started_at, armed_at, ended_at, ambiguous_at,
    reply_code, reply_enhanced, reply_text, error, connect_ms, envelope_ms, arm_ms, reply_ms)
  select ended.tenant_id, ended.id, ended.epoch, ended.attempt, ended.provider_id, ended.phase, ended.outcome, ended.claimed_at,
    clock.now - ended.took_ms * interval '1 millisecond', ended.dot_asked_at, clock.now, case when ended.outcome = 'unknown' then clock.now end,
    ended.reply_code, ended.reply_enhanced, ended.reply_text, ended.error, ended.connect_ms, ended.envelope_ms, ended.arm_ms, ended.reply_ms
  from clock, ended
  where ended.outcome is not null -- else nothing was attempted
  -- A record that Kafka repeated may have two senders at work on one claim: what was armed outweighs what was not, and a
  -- later truth resolves what was unknown. That it was once unknown stays on record.
  on conflict (tenant_id, delivery_id, epoch) do update set
    resolved_by = case when attempts.outcome = 'unknown' then excluded.outcome else attempts.resolved_by end,
    attempt = excluded.attempt, provider_id = coalesce(excluded.provider_id, attempts.provider_id),
    armed_at = coalesce(attempts.armed_at, excluded.armed_at), ambiguous_at = coalesce(attempts.ambiguous_at, excluded.ambiguous_at),
    ended_at = excluded.ended_at, phase = excluded.phase, outcome = excluded.outcome, reply_code = excluded.reply_code,
    reply_enhanced = excluded.reply_enhanced, reply_text = excluded.reply_text, error = excluded.error, reply_ms = excluded.reply_ms
    where (attempts.phase not in ('dot_released', 'reply_received') and excluded.phase in ('dot_released', 'reply_received'))
      or (attempts.outcome = 'unknown' and excluded.outcome <> 'unknown'
        and (excluded.phase in ('dot_released', 'reply_received') or excluded.outcome = 'withheld'))
),
told as (
  insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
  select moved.event_id, moved.tenant_id, moved.mode, moved.topic, moved.key, moved.type, moved.event_version, moved.source, 'system',
    moved.email_id, moved.id, moved.version,
    (moved.data::jsonb || case when moved.status = 'scheduled'
      then jsonb_build_object('at', iso_instant(clock.now), 'nextAttemptAt', iso_instant(moved.due_at))
      else jsonb_build_object('at', iso_instant(clock.now)) end)::json, clock.now
  from clock, moved
  where moved.event_id is not null
)
select tenant_id, id, status from moved
