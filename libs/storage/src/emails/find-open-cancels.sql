-- Cancelled emails whose copies in flight have all come to an end, known or ambiguous. No row: there is none. $1 at most
select e.tenant_id, e.id, e.mode from emails e
where e.cancel_open and not exists (
  select from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id and d.status = 'sending' and d.hold_until is null)
limit $1
