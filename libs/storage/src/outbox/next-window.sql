-- Opens the next window: what committed since the last one and lies before the oldest transaction still open, about $2 rows.
-- Always one row: the cursor as it is now, and whether a window was opened (false: nothing new, or another relay was faster).
with opened as (
  update relay_cursor c set from_xid = c.to_xid, last_id = 0, version = c.version + 1,
    to_xid = least(pg_snapshot_xmin(pg_current_snapshot()), (
      -- The transaction of the row that no longer fits ends the window; one that is larger than a window gets one of its own.
      select case when o.xid > c.to_xid then o.xid else (o.xid::text::bigint + 1)::text::xid8 end
      from outbox o where o.xid >= c.to_xid order by o.xid, o.id offset $2 limit 1))
  where c.name = 'outbox' and c.version = $1::bigint
    and exists (select from outbox o where o.xid >= c.to_xid and o.xid < pg_snapshot_xmin(pg_current_snapshot()))
  returning c.from_xid, c.to_xid, c.last_id, c.version
)
select from_xid::text, to_xid::text, last_id::text, version::text, true as opened from opened
union all
select from_xid::text, to_xid::text, last_id::text, version::text, false from relay_cursor
where name = 'outbox' and not exists (select from opened)
