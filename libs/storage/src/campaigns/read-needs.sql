-- What the content of a campaign that the caller holds needs of its recipients so far, and whether an upload to it is under way. Always one
-- row. An upload that is dead ends here: it read its rows with what was needed then.
with dead as (
  update campaigns set upload_id = null, uploading_at = null
  where tenant_id = $1 and email_id = $2 and uploading_at < clock_now() - interval '1 minute'
  returning email_id
)
select data_names, upload_id is not null and not exists (select from dead) as is_uploading
from campaigns where tenant_id = $1 and email_id = $2
