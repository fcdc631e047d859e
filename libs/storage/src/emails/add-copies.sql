-- Adds copies for recipients that an edit brought in, due at $3. Every id given is stored. While the email is paused, they wait, too.
with copies as (
  insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, due_at, eligible_at, created_at, paused, grace_seconds, expires_at)
  select $1, c.id, $2, c.lane, c.lane, c.mode, c.role, c.mailbox, c.address, c.recipient_key, $3, $3, clock_now(), e.status = 'paused', e.grace_seconds, e.expires_at
  from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
    as c (id, lane, mode, role, mailbox, address, recipient_key)
  join emails e on e.tenant_id = $1 and e.id = $2
  returning line, due_at, id, tenant_id, deliveries.mode, paused
)
insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from copies where not paused
