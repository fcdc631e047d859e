-- Events of a change, in the transaction that makes it. Every row given is stored.
insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at, job_id, traceparent)
select o.event_id, o.tenant_id, o.mode, o.topic, o.key, o.type, o.event_version, o.source, o.actor, o.email_id, o.delivery_id, o.version,
  (o.data::jsonb || jsonb_build_object('at', iso_instant(clock.now)))::json, clock.now, o.job_id, o.traceparent
from (select clock_now() as now) as clock,
  unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::int[], $13::text[], $14::uuid[], $15::text[])
  as o (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, job_id, traceparent)
