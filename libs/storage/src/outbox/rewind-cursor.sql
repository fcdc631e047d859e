-- Sends the relay back, never forward: what brokers have lost is published again. No row: another relay moved the cursor meanwhile.
-- $1 version  $2 xid to begin at  $3 cluster
update relay_cursor set from_xid = least(from_xid, $2::text::xid8), to_xid = least(from_xid, $2::text::xid8), last_id = 0,
  version = version + 1, cluster = coalesce($3::text, cluster), acknowledged = '{}'
where name = 'outbox' and version = $1::bigint
returning version::text
