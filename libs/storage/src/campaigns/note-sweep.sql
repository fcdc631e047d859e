-- Notes how far the ending of copies is. Always one row. $3 the last copy  $4 the walk is over
update sweeps set position = coalesce($3::uuid, position), walked = $4 where tenant_id = $1 and email_id = $2 returning email_id
