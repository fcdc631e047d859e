-- Takes a campaign for the next rows of its upload. No row: the upload was ended by somebody else. $3 upload
update campaigns set uploading_at = clock_now() where tenant_id = $1 and email_id = $2 and upload_id = $3 returning email_id
