-- Notes which cluster the relay publishes to, once. No row comes back.
update relay_cursor set cluster = $1 where name = 'outbox' and cluster is null
