-- Accepts all rows of an upload by one fact: what stood behind the last place is before it now. No row: the upload was ended by
-- somebody else, or its campaign is no draft any more.
-- $3 upload  $4 last place  $5 recipients, $6 merged and $7 rejected rows of it  $8 of the recipients: their zone is none
update campaigns c set last_place = $4, recipients = recipients + $5, merged = merged + $6, rejected = rejected + $7, bad_time_zones = bad_time_zones + $8,
  upload_id = null, uploading_at = null
from emails e
where c.tenant_id = $1 and c.email_id = $2 and c.upload_id = $3 and e.tenant_id = c.tenant_id and e.id = c.email_id and e.status = 'draft'
returning c.recipients as total
