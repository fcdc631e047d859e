-- Counts under a limit what was sent before it knew of anything. Always one row.
-- $1 limit  $2 how far back its rules look, in s  $3 how far it knows; 0: it is new  $4, $5 the same of its rates  $6 domains that it binds
select count_past_use($1::uuid, $2::float8, $3::float8, $4::float8, $5::float8, $6::text[])
