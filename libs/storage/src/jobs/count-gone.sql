-- Copies of emails that were sent, and that are at a server now. Always one row.
select count(*) filter (where status = 'sent')::int as sent, count(*) filter (where status = 'sending')::int as sending
from deliveries where tenant_id = $1 and email_id = any ($2::uuid[])
