-- Keeps messages, one row per recipient: under the tenant of its delivery, else under the one given. No row: it is nobody's; refuse it.
-- A sender that logged in can only name deliveries of its own tenant. $13 holds the messages one behind another, $11 and $12 say where.
-- Of a load test only the first have bodies ($15: their places): nobody reads a million, and the others have all but the bytes.
insert into sandbox_messages
  (tenant_id, id, delivery_id, email_id, verdict, mail_from, rcpt_to, from_mailbox, from_key, subject, script, size_bytes, raw)
select coalesce(own.tenant_id, m.tenant_id), m.id, own.delivery_id, own.email_id, m.verdict, m.mail_from, m.rcpt_to, m.from_mailbox, m.from_key,
  m.subject, m.script, m.size_bytes, case when m.place is not null and m.place > (
      select (c.script ->> 'lastWithBody')::int from campaigns c where c.tenant_id = own.tenant_id and c.email_id = own.email_id and c.script is not null)
    then '' else substring($13::bytea from m.starts_at + 1 for m.size_bytes) end
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int[], $12::int[], $14::text[], $15::int[])
  as m (id, delivery_id, tenant_id, logged_in, verdict, mail_from, rcpt_to, from_mailbox, from_key, subject, starts_at, size_bytes, script, place)
left join lateral (
  select d.tenant_id, d.id as delivery_id, d.email_id
  from tenants t join deliveries d on d.tenant_id = t.id and d.id = m.delivery_id and d.mode = 'test'
  where m.delivery_id is not null and (not m.logged_in or t.id = m.tenant_id)
  limit 1
) own on true
where coalesce(own.tenant_id, m.tenant_id) is not null
returning id, tenant_id
