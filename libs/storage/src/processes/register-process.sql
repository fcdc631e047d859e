-- Enters a process. With $6 (an exclusive name) its earlier runs are proven dead. No row comes back.
with proven as (
  update processes set ended_at = clock_now() where $6::boolean and app = $2 and instance = $3 and ended_at is null
)
insert into processes (id, app, instance, host, pid) values ($1, $2, $3, $4, $5)
