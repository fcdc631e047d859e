-- Counts what was refused or dropped, under the tenant of its delivery, else under the one given. No row: it is nobody's.
insert into sandbox_refusals (tenant_id, id, delivery_id, email_id, verdict, rcpt_to, script)
select coalesce(own.tenant_id, r.tenant_id), r.id, own.delivery_id, own.email_id, r.verdict, r.rcpt_to, r.script
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::text[], $6::text[], $7::text[])
  as r (id, delivery_id, tenant_id, logged_in, verdict, rcpt_to, script)
left join lateral (
  select d.tenant_id, d.id as delivery_id, d.email_id
  from tenants t join deliveries d on d.tenant_id = t.id and d.id = r.delivery_id and d.mode = 'test'
  where r.delivery_id is not null and (not r.logged_in or t.id = r.tenant_id)
  limit 1
) own on true
where coalesce(own.tenant_id, r.tenant_id) is not null
