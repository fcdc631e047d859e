-- What happened to an email ($3) or to one of its deliveries ($4), oldest first, behind ($5, $6); backwards before it ($8).
-- No row: nothing more.
-- Claims, arms and ambiguous ends are no events of their own: they are read from attempts, and from the delivery while an attempt is under way.
with tries as (
  select a.tenant_id, a.delivery_id, a.epoch, a.attempt, a.claimed_at, a.armed_at, a.ambiguous_at, a.error from attempts a
  where a.tenant_id = $1 and a.delivery_id in (
    select d.id from deliveries d where d.tenant_id = $1 and d.mode = $2 and d.email_id = $3 and ($4::uuid is null or d.id = $4))
  union
  select d.tenant_id, d.id, d.epoch, d.attempt + case when d.status = 'queued' then 1 else 0 end, d.claimed_at, case when d.status = 'sending' then d.armed_at end, null, null
  from deliveries d
  where d.tenant_id = $1 and d.mode = $2 and d.email_id = $3 and ($4::uuid is null or d.id = $4) and d.status in ('queued', 'sending')
    and not exists (select from attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id and a.epoch = d.epoch)
),
happened as (
  select o.event_id as id, o.type, o.at, o.delivery_id, o.actor, (o.data ->> 'attempt')::int as attempt, o.data::jsonb as data
  from outbox o
  where o.tenant_id = $1 and o.mode = $2 and o.email_id = $3 and ($4::uuid is null or o.delivery_id = $4)
  union all
  select md5(t.delivery_id::text || t.epoch || 'queued')::uuid, 'delivery.queued', t.claimed_at, t.delivery_id, 'system', t.attempt, jsonb_build_object('epoch', t.epoch)
  from tries t where t.claimed_at is not null
  union all
  select md5(t.delivery_id::text || t.epoch || 'armed')::uuid, 'delivery.armed', t.armed_at, t.delivery_id, 'system', t.attempt, jsonb_build_object('epoch', t.epoch)
  from tries t where t.armed_at is not null
  union all
  -- A moment before what was decided about it in the same statement.
  select md5(t.delivery_id::text || t.epoch || 'ambiguous')::uuid, 'delivery.ambiguous', t.ambiguous_at - interval '1 microsecond', t.delivery_id, 'system', t.attempt,
    jsonb_build_object('epoch', t.epoch, 'error', t.error)
  from tries t where t.ambiguous_at is not null
)
select id, type, iso_instant(at) as time, extract(epoch from at)::text as position, delivery_id, actor, attempt, data from happened
where $5::float8 is null or case when $8::boolean then (at, id) < (to_timestamp($5::float8), $6::uuid)
  else (at, id) > (to_timestamp($5::float8), $6::uuid) end
order by case when not $8::boolean then at end, case when not $8::boolean then id end, at desc, id desc limit $7
