-- Lets the email of a campaign or load test stand as its job does. No row: somebody else is changing it, or has. $3 as it was read  $4 as it becomes
update emails e set status = $4 from (
  select id from emails where tenant_id = $1 and id = $2 and status = $3 for no key update skip locked
) its where e.tenant_id = $1 and e.id = its.id
returning e.id
