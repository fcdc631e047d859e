-- A clean stop. No row comes back.
update processes set ended_at = clock_now() where id = $1 and ended_at is null
