-- Stores the bytes of attachments, which come in one piece, $6: text would be twice as long. Every one given is stored.
insert into email_attachments (tenant_id, email_id, position, content)
select a.tenant_id, a.email_id, a.position, substring($6::bytea from a.start for a.size)
from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::int[], $5::int[]) as a (tenant_id, email_id, position, start, size)
