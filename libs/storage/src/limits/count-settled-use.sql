-- Counts under a limit that was just made what was sent long enough before it to stand still. Always one row.
-- $1 limit  $2 how far back its rules look, in s  $3 domains that it binds
select count_settled_use($1::uuid, $2::float8, $3::text[])
