-- Counts under a new limit what was sent before it and what is on its way. Always one row. $1 limit  $2 how far back, in s  $3 domains that it binds
select count_past_use($1::uuid, $2::float8, $3::text[])
