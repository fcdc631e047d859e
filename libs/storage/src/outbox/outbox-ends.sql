-- The lowest and the highest id. Always one row; nulls where nothing is stored.
select (select id from outbox order by id limit 1)::text as lowest, (select id from outbox order by id desc limit 1)::text as highest
