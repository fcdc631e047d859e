-- Messages of the inbox behind $9, newest first. No row: nothing there.
-- $1 tenant  $2 to  $3 from  $4 part of the subject  $5 email  $6 delivery  $7 since  $8 job  $9 beyond this id  $10 at most
select m.id, m.delivery_id, m.email_id, m.mail_from, m.rcpt_to, m.from_mailbox, m.subject, m.size_bytes, m.script, m.received_at,
  (select e.job_id from emails e where e.tenant_id = m.tenant_id and e.id = m.email_id) as job_id
from sandbox_messages m
where m.tenant_id = $1
  and ($2::text is null or lower(m.rcpt_to) = lower($2)) and ($3::text is null or m.from_key = lower($3) or lower(m.mail_from) = lower($3))
  and ($4::text is null or position(lower($4) in lower(m.subject)) > 0)
  and ($5::uuid is null or m.email_id = $5) and ($6::uuid is null or m.delivery_id = $6)
  and ($7::timestamptz is null or m.received_at >= $7)
  and ($8::uuid is null or m.email_id in (select e.id from emails e where e.tenant_id = $1 and e.job_id = $8))
  and ($9::uuid is null or m.id < $9)
order by m.id desc limit $10
