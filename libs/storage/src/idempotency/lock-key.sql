-- Takes a key until the transaction ends, unless its twin has it at this moment. Always one row.
select pg_try_advisory_xact_lock(hashtextextended($1, 7245003)) as taken
