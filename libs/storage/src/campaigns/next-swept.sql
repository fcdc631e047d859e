-- The next copies of a cancelled email in the order of their ids, with whether they wait or are on hold. No row: that was all.
-- $1 tenant  $2 email  $3 behind this copy; null: from the first  $4 at most
select id, status in ('scheduled', 'queued') or status = 'sending' and hold_until is not null as is_open from deliveries
where tenant_id = $1 and email_id = $2 and ($3::uuid is null or id > $3::uuid)
order by tenant_id, email_id, id limit $4
