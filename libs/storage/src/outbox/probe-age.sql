-- The first event from this id on, and whether it is older than so many seconds. No row: there is none. $1 id  $2 seconds
select id::text, xid::text, at < clock_now() - $2::float8 * interval '1 second' as is_older from outbox where id >= $1::bigint order by id limit 1
