-- Notes what a process has in hand of a partition, in place of what was noted there. No row comes back.
-- It outlives the process, and need not outlive a crash of the server: so nobody waits for its disk.
-- $1 group  $2 topic  $3 partition  $4 first offset  $5 last offset  $6 tries  $7 process
insert into consumer_progress (consumer_group, topic, partition, first_offset, last_offset, tries, noted_by, noted_at)
select $1::text, $2::text, $3::int, $4::bigint, $5::bigint, $6::int, $7::uuid, clock_now()
where set_config('synchronous_commit', 'off', true) is not null
on conflict (consumer_group, topic, partition) do update
  set first_offset = excluded.first_offset, last_offset = excluded.last_offset, tries = excluded.tries,
    noted_by = excluded.noted_by, noted_at = excluded.noted_at
