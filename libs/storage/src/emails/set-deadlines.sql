-- Gives copies that the caller holds locked another end of their time, and their email its place among those that expire: the one it had
-- is looked at once more and then forgotten. No row comes back.
with copies as (
  update deliveries set grace_seconds = $4, expires_at = $5 where tenant_id = $1 and id = any ($3::uuid[])
)
insert into expiring (expires_at, tenant_id, email_id) select $5, $1, $2 where $5::timestamptz is not null on conflict do nothing
