-- What was in hand of a partition when its process died. No row: nothing, or that process lives: it beats once a second.
-- (Kafka gives a partition to another member 10 s after a death, and at once after a goodbye, which forgets its notes.)
select c.first_offset, c.last_offset, c.tries from consumer_progress c
where c.consumer_group = $1 and c.topic = $2 and c.partition = $3
  and not exists (
    select from processes p where p.id = c.noted_by and p.ended_at is null and p.beat_at > clock_now() - interval '5 seconds')
