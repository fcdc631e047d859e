-- Where the relay is. Always one row.
select from_xid::text, to_xid::text, last_id::text, version::text, cluster, acknowledged from relay_cursor where name = 'outbox'
