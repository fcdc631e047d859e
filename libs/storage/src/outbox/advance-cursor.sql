-- Notes what was published, and where. No row: another relay was faster; what it published twice is dropped by its id.
update relay_cursor set last_id = $2::bigint, version = version + 1, acknowledged = $3::json
where name = 'outbox' and version = $1 returning version::text
