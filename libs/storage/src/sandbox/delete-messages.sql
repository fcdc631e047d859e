-- Empties the inbox, or the part of it that the filter names. No row: nothing was there.
-- $1 tenant  $2 to  $3 from  $4 part of the subject  $5 email  $6 delivery  $7 since  $8 job
delete from sandbox_messages m
where m.tenant_id = $1
  and ($2::text is null or lower(m.rcpt_to) = lower($2)) and ($3::text is null or m.from_key = lower($3) or lower(m.mail_from) = lower($3))
  and ($4::text is null or position(lower($4) in lower(m.subject)) > 0)
  and ($5::uuid is null or m.email_id = $5) and ($6::uuid is null or m.delivery_id = $6)
  and ($7::timestamptz is null or m.received_at >= $7)
  and ($8::uuid is null or m.email_id in (select e.id from emails e where e.tenant_id = $1 and e.job_id = $8))
