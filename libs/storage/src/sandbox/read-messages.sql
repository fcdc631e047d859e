-- Messages with their bytes. No row: unknown, or another tenant's.
select m.id, m.delivery_id, m.email_id, m.mail_from, m.rcpt_to, m.from_mailbox, m.subject, m.size_bytes, m.script, m.received_at, m.raw,
  (select e.job_id from emails e where e.tenant_id = m.tenant_id and e.id = m.email_id) as job_id
from sandbox_messages m where m.tenant_id = $1 and m.id = any ($2::uuid[])
