-- Where the history of events stands. Always one row: all events of transactions below `position` can be read now, none at or above `horizon`.
select pg_snapshot_xmin(pg_current_snapshot())::text as position, pg_snapshot_xmax(pg_current_snapshot())::text as horizon
