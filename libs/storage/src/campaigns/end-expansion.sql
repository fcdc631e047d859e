-- Ends the making of copies, of a campaign that the caller holds and that was cancelled. Always one row.
update campaigns set expanding = false where tenant_id = $1 and email_id = $2 returning email_id
