-- Emails whose instant has come after which nothing of them may be sent, locked. No row: none, or somebody is at it. $1 at most
select expires_at::text as expires_at, tenant_id, email_id from expiring where expires_at <= clock_statement()
order by expires_at limit $1 for update skip locked
