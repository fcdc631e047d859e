-- Lifts suppressions that are in force: one by its id ($3), or all of an address ($4). No row: there was none.
update suppressions set lifted_at = clock_now()
where tenant_id = $1 and mode = $2 and lifted_at is null
  and case when $3::uuid is not null then id = $3::uuid else recipient_key = $4::text end
returning id
