-- Charges a limit to what was granted without it. Always one row. $1 limit  $2 domains that it binds
select charge_queued($1::uuid, $2::text[])
