-- Says that a process lives. No row comes back.
update processes set beat = beat + 1, beat_at = clock_now() where id = $1
