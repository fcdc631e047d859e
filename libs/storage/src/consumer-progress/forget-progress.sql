-- Forgets what a process noted of a partition. No row comes back; another process's note stays.
-- $1 group  $2 topic  $3 partition  $4 process
delete from consumer_progress c where c.consumer_group = $1 and c.topic = $2 and c.partition = $3 and c.noted_by = $4
  and set_config('synchronous_commit', 'off', true) is not null
