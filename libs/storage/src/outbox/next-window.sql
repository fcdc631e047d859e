-- Opens the next window: all that committed since the last one and lies before the oldest transaction still open.
-- Never less than all: a transaction that waited for a row may write its later version under a lower xid, so where a window
-- is cut in the order of xids, the events of one delivery come apart in the wrong order. Reading begins at its lowest id.
-- Always one row: the cursor as it is now, and whether a window was opened (false: nothing new, or another relay was faster).
with fresh as materialized (
  -- "+ 0": else the planner may look for the lowest id by walking all ids ever written.
  select min(o.id + 0) - 1 as before_id from relay_cursor c
  join outbox o on o.xid >= c.to_xid and o.xid < pg_snapshot_xmin(pg_current_snapshot())
  where c.name = 'outbox' and c.version = $1::bigint
),
opened as (
  update relay_cursor c set from_xid = c.to_xid, to_xid = pg_snapshot_xmin(pg_current_snapshot()), last_id = fresh.before_id,
    version = c.version + 1
  from fresh where c.name = 'outbox' and c.version = $1::bigint and fresh.before_id is not null
  returning c.from_xid, c.to_xid, c.last_id, c.version
)
select from_xid::text, to_xid::text, last_id::text, version::text, true as opened from opened
union all
select from_xid::text, to_xid::text, last_id::text, version::text, false from relay_cursor
where name = 'outbox' and not exists (select from opened)
