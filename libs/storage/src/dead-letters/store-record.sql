-- Keeps a record that nobody could read, once however often it comes. No row: there is no tenant to keep it for.
-- It belongs to the tenant it names, if there is one of that name, else to the oldest.
-- $1 id  $2 tenant it names  $3 mode it names  $4 reason  $5 error  $6 topic  $7 partition  $8 offset  $9 timestamp in ms  $10 headers
-- $11 key  $12 payload  $13 event id  $14 key, $15 topic and $16 type of the event  $17 source  $18 data
with clock as materialized (select clock_now() as now),
owner as materialized (
  select t.id from tenants t order by t.id = $2::uuid desc nulls last, t.created_at, t.id limit 1
),
stored as (
  insert into dead_letters (tenant_id, id, mode, kind, reason, attempts, error, topic, partition, record_offset, record_ms, headers, key, payload, created_at)
  select owner.id, $1::uuid,
    coalesce($3::text, case when exists (select from api_keys k where k.tenant_id = owner.id and k.mode = 'live') then 'live' else 'test' end),
    'record', $4::text, 1, $5::text, $6::text, $7::int, $8::bigint, $9::bigint, $10::json, $11::bytea, $12::bytea, clock.now
  from clock, owner
  on conflict (tenant_id, topic, partition, record_offset, record_ms) where kind = 'record' do nothing
  returning tenant_id, id, mode, reason
),
told as (
  insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at)
  select $13::uuid, stored.tenant_id, stored.mode, $15::text, $14::text, $16::text, 1, $17::text, 'system', null, null, 0,
    ($18::jsonb || jsonb_build_object('at', iso_instant(clock.now)))::json, clock.now
  from clock, stored
)
select id from stored
union all
select l.id from dead_letters l, owner
where l.tenant_id = owner.id and l.kind = 'record' and l.topic = $6::text and l.partition = $7::int and l.record_offset = $8::bigint
  and l.record_ms = $9::bigint
limit 1
