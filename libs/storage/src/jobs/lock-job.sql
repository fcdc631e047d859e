-- Takes a job for one step of its work. No row: another process has it, or it does not exist.
select id, mode, kind, status, actor, work, position, rows_total, rows_done, rows_ok, rows_rejected, result, rejections, told,
  coalesce(told_at <= clock_now() - interval '250 milliseconds', true) as is_time
from jobs where tenant_id = $1 and id = $2 for no key update skip locked
