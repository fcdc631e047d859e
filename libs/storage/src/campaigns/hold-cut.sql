-- Takes a campaign whose rows behind the last place are nobody's: no upload to it is under way, or one that has brought nothing yet.
-- No row: another upload is under way, and they are its own. $3 upload
update campaigns set uploading_at = case when upload_id is not null then clock_now() end
where tenant_id = $1 and email_id = $2 and (upload_id = $3 or upload_id is null) returning email_id
