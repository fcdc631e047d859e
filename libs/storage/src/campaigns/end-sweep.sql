-- Ends the ending of copies: none is open. Always one row.
delete from sweeps where tenant_id = $1 and email_id = $2 returning email_id
