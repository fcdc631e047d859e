-- Notes the rows of a chunk, in the transaction that changed them and holds the job. Always one row.
update jobs set position = coalesce($3::uuid, position), rows_total = $4, rows_done = $5, rows_ok = $6, rows_rejected = $7,
  result = $8::json, rejections = $9::json, active_at = clock_now(),
  status = case when $10::boolean then 'completed' else status end,
  finished_at = case when $10::boolean then clock_now() end
where tenant_id = $1 and id = $2
returning id
