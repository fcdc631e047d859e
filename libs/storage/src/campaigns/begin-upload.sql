-- Begins an upload to a draft whose campaign the caller holds. No row: another one is under way, or it is no draft.
-- One that brought nothing for a minute is dead. $3 upload
update campaigns c set upload_id = $3, uploading_at = clock_now()
from emails e
where c.tenant_id = $1 and c.email_id = $2 and e.tenant_id = c.tenant_id and e.id = c.email_id and e.status = 'draft'
  and (c.upload_id is null or c.uploading_at < clock_now() - interval '1 minute')
returning c.last_place, c.rejected, c.data_names
