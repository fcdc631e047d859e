-- Ends an upload of which nothing is accepted. No row: it has ended already. $3 upload
update campaigns set upload_id = null, uploading_at = null where tenant_id = $1 and email_id = $2 and upload_id = $3 returning email_id
