-- Takes a campaign for the next rows of its upload. No row: the upload was ended by somebody else, or its campaign is no draft any more. $3 upload
update campaigns c set uploading_at = clock_now()
from emails e
where c.tenant_id = $1 and c.email_id = $2 and c.upload_id = $3 and e.tenant_id = c.tenant_id and e.id = c.email_id and e.status = 'draft'
returning c.email_id
