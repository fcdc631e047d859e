-- Accepts all rows of an upload by one fact: what stood behind the last place is before it now. No row: the upload was ended by somebody else.
-- $3 upload  $4 last place  $5 recipients, $6 merged and $7 rejected rows of it  $8 of the recipients: their zone is none
update campaigns set last_place = $4, recipients = recipients + $5, merged = merged + $6, rejected = rejected + $7, bad_time_zones = bad_time_zones + $8,
  upload_id = null, uploading_at = null
where tenant_id = $1 and email_id = $2 and upload_id = $3
returning recipients as total
