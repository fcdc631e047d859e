-- Opens the next window: all that committed since the last one and lies before the oldest transaction still open.
-- Never less than all: a transaction that waited for a row writes its later version under a lower xid, so where a window is cut
-- in the order of xids, the events of one delivery come apart in the wrong order. The oldest open transaction may cut just there:
-- then the window waits for it. Reading begins at the lowest id.
-- Always one row: the cursor as it is now, and whether a window was opened (false: nothing new yet, or another relay was faster).
with fresh as materialized (
  -- "+ 0": else the planner may look for the lowest id by walking all ids ever written.
  select min(o.id + 0) - 1 as before_id from relay_cursor c
  join outbox o on o.xid >= c.to_xid and o.xid < pg_snapshot_xmin(pg_current_snapshot())
  where c.name = 'outbox' and c.version = $1::bigint
),
opened as (
  update relay_cursor c set from_xid = c.to_xid, to_xid = pg_snapshot_xmin(pg_current_snapshot()), last_id = fresh.before_id,
    version = c.version + 1
  from fresh where c.name = 'outbox' and c.version = $1::bigint
    and case when fresh.before_id is null then false else not exists (
      select from outbox earlier cross join lateral (
        select from outbox later
        where later.tenant_id = earlier.tenant_id and later.email_id = earlier.email_id and later.id > earlier.id
          and later.delivery_id is not distinct from earlier.delivery_id
          and later.xid >= c.to_xid and later.xid < pg_snapshot_xmin(pg_current_snapshot())
        limit 1) cut
      where earlier.xid >= pg_snapshot_xmin(pg_current_snapshot())) end
  returning c.from_xid, c.to_xid, c.last_id, c.version, c.cluster, c.acknowledged
)
select from_xid::text, to_xid::text, last_id::text, version::text, cluster, acknowledged, true as opened from opened
union all
select from_xid::text, to_xid::text, last_id::text, version::text, cluster, acknowledged, false from relay_cursor
where name = 'outbox' and not exists (select from opened)
