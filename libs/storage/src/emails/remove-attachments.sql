-- Removes the bytes of an email's attachments; the caller holds its copies locked. No row comes back.
delete from email_attachments where tenant_id = $1 and email_id = $2
