-- Keys that were just used, of any tenant; one that was noted in the last minute stays as it is. Always one row.
select note_keys_used($1::uuid[], $2::uuid[])
